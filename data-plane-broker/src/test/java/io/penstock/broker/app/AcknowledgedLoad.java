package io.penstock.broker.app;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends records to one partition, each after the one before was acknowledged, and measures the
 * longest time between two acknowledgements. A record that is refused fails the load.
 */
final class AcknowledgedLoad implements AutoCloseable {

    private static final Duration LIMIT = TestCluster.LIMIT;

    private final KafkaProducer<String, String> producer;
    private final TopicPartition partition;
    private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::send);
    private volatile boolean closed;
    private volatile long acknowledged;
    private volatile long longestGapNanos;
    private volatile Optional<Throwable> failure = Optional.empty();

    private AcknowledgedLoad(KafkaProducer<String, String> producer, TopicPartition partition) {
        this.producer = producer;
        this.partition = partition;
    }

    /** The producer is closed with the load. */
    static AcknowledgedLoad on(KafkaProducer<String, String> producer, TopicPartition partition) {
        AcknowledgedLoad load = new AcknowledgedLoad(producer, partition);
        load.thread.start();
        return load;
    }

    private void send() {
        long last = 0;
        for (long i = 0; !closed; i++) {
            try {
                producer.send(
                                new ProducerRecord<>(
                                        partition.topic(), partition.partition(), "key", "v" + i))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                failure = Optional.of(e);
                return;
            }
            long now = System.nanoTime();
            if (last != 0) {
                longestGapNanos = Math.max(longestGapNanos, now - last);
            }
            last = now;
            acknowledged = i + 1;
        }
    }

    void awaitMore(int records) {
        long target = acknowledged + records;
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            failure.ifPresent(
                                    cause -> {
                                        throw new AssertionError("a record was refused", cause);
                                    });
                            return acknowledged >= target;
                        });
    }

    Duration longestGap() {
        return Duration.ofNanos(longestGapNanos);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join(LIMIT);
        producer.close(Duration.ofSeconds(5));
    }
}
