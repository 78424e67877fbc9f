package io.penstock.launcher.load;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Produces records made of real text, going round it as often as needed.
 *
 * <p>Arguments: the client's properties file, the topic, the number of records, the folders of the
 * text.
 */
public final class ProduceMain {
    private ProduceMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var properties = properties(Path.of(arguments[0]));
        var topic = arguments[1];
        var wanted = Long.parseLong(arguments[2]);
        var folders = Stream.of(arguments).skip(3).map(Path::of).toList();
        var lines = TextSource.read(folders);
        if (lines.isEmpty()) {
            System.err.println("There is no text in " + folders);
            System.exit(1);
        }
        try (var producer =
                new KafkaProducer<>(
                        properties, new StringSerializer(), new ByteArraySerializer())) {
            // Connected and authenticated before the clock starts.
            producer.partitionsFor(topic);
            produce(producer, topic, wanted, lines);
        }
    }

    private static void produce(
            KafkaProducer<String, byte[]> producer,
            String topic,
            long wanted,
            List<TextSource.Line> lines)
            throws IOException {
        var failure = new AtomicReference<Exception>();
        var sequences = new HashMap<String, Long>();
        var verification = new Verification();
        var report = new Report();
        var start = System.nanoTime();
        for (var i = 0L; i < wanted && failure.get() == null; i++) {
            var line = lines.get((int) (i % lines.size()));
            var sequence = sequences.merge(line.key(), 1L, Long::sum) - 1;
            var value = line.text().getBytes(StandardCharsets.UTF_8);
            var header = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
            var unused =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    null,
                                    line.key(),
                                    value,
                                    List.of(new RecordHeader(Verification.SEQUENCE, header))),
                            (metadata, exception) -> {
                                if (exception != null) {
                                    failure.compareAndSet(null, exception);
                                }
                            });
            verification.add(line.key(), sequence, value);
            report.maybe(verification, Map.of());
        }
        producer.flush();
        if (failure.get() != null) {
            failure.get().printStackTrace();
            System.exit(1);
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        report.now(
                verification, Map.of("seconds", seconds, "keys", sequences.size(), "done", true));
    }

    static Properties properties(Path file) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }
}
