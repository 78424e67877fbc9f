package io.penstock.launcher.load;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One member of a consumer group. It joins, reports its partitions, and holds still until a line
 * arrives on its standard input; then it reads and commits until that input ends.
 *
 * <p>Arguments: the client's properties file, the topic.
 */
public final class ConsumeMain {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = 250_000_000L;

    private final Verification verification = new Verification();
    private final KeyOrder order = new KeyOrder();
    private final Report report = new Report();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private int assigned;
    private long firstNanos;
    private long lastNanos;

    private ConsumeMain() {}

    public static void main(String[] arguments) throws IOException {
        var properties = ProduceMain.properties(Path.of(arguments[0]));
        var member = new ConsumeMain();
        Thread.ofPlatform().daemon().name("standard input").start(member::obey);
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            member.consume(consumer, arguments[1]);
        }
        member.report.now(member.verification, member.state(true));
    }

    private void consume(KafkaConsumer<String, byte[]> consumer, String topic) throws IOException {
        consumer.subscribe(List.of(topic), new Holding(consumer));
        var held = true;
        var committed = System.nanoTime();
        while (ended.getCount() > 0) {
            if (held && begun.get()) {
                consumer.resume(consumer.assignment());
                held = false;
            }
            var records = consumer.poll(POLL);
            records.forEach(this::accept);
            if (!records.isEmpty() && System.nanoTime() - committed > COMMIT_NANOS) {
                consumer.commitAsync();
                committed = System.nanoTime();
            } else if (records.isEmpty() && verification.records() > 0) {
                consumer.commitAsync();
            }
            report.maybe(verification, state(false));
        }
        consumer.commitSync(Duration.ofSeconds(30));
    }

    private void accept(ConsumerRecord<String, byte[]> record) {
        lastNanos = System.nanoTime();
        if (verification.records() == 0) {
            firstNanos = lastNanos;
        }
        var header = record.headers().lastHeader(Verification.SEQUENCE);
        var sequence = header == null ? -1 : ByteBuffer.wrap(header.value()).getLong();
        order.arrived(record.partition(), record.offset(), record.key(), sequence);
        verification.add(record.key(), sequence, record.value());
    }

    private Map<String, Object> state(boolean done) {
        return Map.of(
                "assigned",
                assigned,
                "violations",
                order.violations(),
                "seconds",
                (lastNanos - firstNanos) / 1e9,
                "done",
                done);
    }

    private void obey() {
        try {
            if (System.in.read() >= 0) {
                begun.set(true);
                while (System.in.read() >= 0) {
                    // Only the end matters now.
                }
            }
        } catch (IOException e) {
            System.err.println("Standard input failed: " + e.getMessage());
        } finally {
            ended.countDown();
        }
    }

    /**
     * Partitions stay paused until the member may begin, so that no member reads all before the
     * others have joined.
     */
    private final class Holding implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> consumer;

        Holding(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!begun.get()) {
                consumer.pause(partitions);
            }
            assigned = consumer.assignment().size();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (verification.records() > 0) {
                consumer.commitSync(Duration.ofSeconds(10));
            }
            partitions.forEach(partition -> order.revoked(partition.partition()));
            assigned = consumer.assignment().size() - partitions.size();
        }
    }
}
