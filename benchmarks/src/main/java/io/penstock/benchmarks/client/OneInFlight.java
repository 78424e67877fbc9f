package io.penstock.benchmarks.client;

import io.penstock.benchmarks.load.ClientArguments;
import io.penstock.benchmarks.measure.Percentiles;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.Map;

/**
 * Sends a record, waits for its acknowledgement, sends the next. Kafka's own tool for this rounds
 * to milliseconds, which hides what is compared here.
 */
public final class OneInFlight {

    private OneInFlight() {}

    public static void main(String[] values) throws Exception {
        ClientArguments arguments = ClientArguments.parse(values);
        String topic = arguments.text(ClientArguments.TOPIC);
        int records = arguments.number("records");
        int warmUp = arguments.number("warm-up");
        byte[] payload = Clients.payload(arguments.number("bytes"));
        long[] nanos = new long[records];
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(arguments, Map.of("linger.ms", "0"))) {
            for (int i = -warmUp; i < records; i++) {
                long sent = System.nanoTime();
                producer.send(new ProducerRecord<>(topic, payload)).get();
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - sent;
                }
            }
        }
        Percentiles percentiles = new Percentiles(nanos);
        Clients.print(
                Map.of(
                        "p50_ms", percentiles.millis(50),
                        "p99_ms", percentiles.millis(99),
                        "p999_ms", percentiles.millis(99.9)));
    }
}
