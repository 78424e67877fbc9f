package io.penstock.benchmarks.client;

import io.penstock.benchmarks.load.ClientArguments;
import io.penstock.benchmarks.measure.Percentiles;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One or many producers that together send at a fixed rate. Latency counts from the moment at which
 * a record was meant to be sent, so that a stall of the broker is not hidden by a producer that
 * waits for it (coordinated omission), which Kafka's own tool does.
 */
public final class PacedProducers {

    private PacedProducers() {}

    public static void main(String[] values) throws Exception {
        ClientArguments arguments = ClientArguments.parse(values);
        String topic = arguments.text(ClientArguments.TOPIC);
        int rate = arguments.number("rate");
        int warmUp = rate * arguments.number("warm-up-seconds");
        int records = rate * arguments.number("seconds");
        int partitions = arguments.number("spread-over-partitions");
        byte[] payload = Clients.payload(arguments.number("bytes"));
        long[] nanos = new long[records];
        Arrays.fill(nanos, -1);
        AtomicLong failed = new AtomicLong();
        List<KafkaProducer<byte[], byte[]>> producers = producers(arguments, topic);
        long start = System.nanoTime();
        for (int i = -warmUp; i < records; i++) {
            long due = start + (long) ((i + warmUp) * 1e9 / rate);
            Clients.awaitDue(due);
            int slot = i;
            Integer partition = partitions == 0 ? null : Math.floorMod(i * 7919, partitions);
            producers
                    .get(Math.floorMod(i, producers.size()))
                    .send(
                            new ProducerRecord<>(topic, partition, null, payload),
                            (metadata, failure) -> {
                                if (failure != null) {
                                    failed.incrementAndGet();
                                } else if (slot >= 0) {
                                    nanos[slot] = System.nanoTime() - due;
                                }
                            });
        }
        producers.forEach(KafkaProducer::flush);
        double seconds = (System.nanoTime() - start) / 1e9;
        producers.forEach(KafkaProducer::close);
        Percentiles percentiles =
                new Percentiles(Arrays.stream(nanos).filter(time -> time >= 0).toArray());
        Clients.print(
                Map.of(
                        "records_per_s", (records + warmUp) / seconds,
                        "failed", failed.get(),
                        "p50_ms", percentiles.millis(50),
                        "p99_ms", percentiles.millis(99),
                        "p999_ms", percentiles.millis(99.9),
                        "highest_ms", percentiles.highestMillis()));
    }

    /** Connected before the first record is due. */
    private static List<KafkaProducer<byte[], byte[]>> producers(
            ClientArguments arguments, String topic) throws Exception {
        List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
        Map<String, String> settings =
                Map.of(
                        "linger.ms", arguments.text("linger-ms"),
                        "batch.size", "65536",
                        "compression.type", arguments.text("compression"));
        for (int i = 0; i < arguments.number("producers"); i++) {
            KafkaProducer<byte[], byte[]> producer = Clients.producer(arguments, settings);
            producer.partitionsFor(topic);
            producers.add(producer);
        }
        return producers;
    }
}
