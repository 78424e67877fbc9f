package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.Outcome;
import io.penstock.systemtests.faults.History.Producer;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.History.Send;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Sends one to three records every few milliseconds, so that batches hold one to three, to the
 * partitions in turn, and notes what becomes of each.
 */
final class LoadProducer {
    /** Longer than the client's default delivery timeout: every send has its outcome by then. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(150);

    private static final int LARGEST_BURST = 3;

    private static final String FILLER = "-".repeat(200);

    private final Producer identity;
    private final String topic;
    private final int partitions;
    private final KafkaProducer<String, String> client;
    private final ConcurrentLinkedQueue<Pending> sends = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray newestAcknowledged;
    private final ScheduledExecutorService thread;
    private long sequence;
    private int bursts;

    /** A send whose outcome arrives later, on the client's own thread. */
    private static final class Pending {
        final long sequence;
        final int partition;
        final long nanos = System.nanoTime();
        volatile Outcome outcome = new Outcome.Unknown();

        Pending(long sequence, int partition) {
            this.sequence = sequence;
            this.partition = partition;
        }
    }

    LoadProducer(Producer identity, String bootstrapServers, String topic, int partitions) {
        this.identity = identity;
        this.topic = topic;
        this.partitions = partitions;
        this.client =
                new KafkaProducer<>(
                        settings(identity.kind(), bootstrapServers),
                        new StringSerializer(),
                        new StringSerializer());
        this.newestAcknowledged = new AtomicLongArray(partitions);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("load-" + identity.name()).factory());
    }

    private static Map<String, Object> settings(ProducerKind kind, String bootstrapServers) {
        var settings = new HashMap<String, Object>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, kind.isIdempotent());
        if (kind == ProducerKind.IMPATIENT) {
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
            settings.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_000L);
        }
        return settings;
    }

    void start(Duration between) {
        var now = System.nanoTime();
        for (var partition = 0; partition < partitions; partition++) {
            newestAcknowledged.set(partition, now);
        }
        thread.scheduleWithFixedDelay(this::sendBurst, 0, between.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void sendBurst() {
        var partition = bursts % partitions;
        var size = 1 + bursts % LARGEST_BURST;
        bursts++;
        for (var i = 0; i < size; i++) {
            send(partition);
        }
    }

    private void send(int partition) {
        var pending = new Pending(sequence, partition);
        sequence++;
        sends.add(pending);
        var value = Send.value(identity, pending.sequence);
        try {
            client.send(
                    new ProducerRecord<>(topic, pending.partition, FILLER, value),
                    (metadata, failure) -> complete(pending, metadata, failure));
        } catch (KafkaException | IllegalStateException e) {
            pending.outcome = new Outcome.Failed(e.toString(), System.nanoTime());
        }
    }

    private void complete(Pending pending, RecordMetadata metadata, Exception failure) {
        var now = System.nanoTime();
        if (failure != null) {
            pending.outcome = new Outcome.Failed(failure.toString(), now);
            return;
        }
        pending.outcome =
                new Outcome.Acknowledged(
                        metadata.hasOffset()
                                ? OptionalLong.of(metadata.offset())
                                : OptionalLong.empty(),
                        now);
        newestAcknowledged.accumulateAndGet(
                pending.partition, pending.nanos, (a, b) -> a - b > 0 ? a : b);
    }

    Producer identity() {
        return identity;
    }

    /** Whether each partition has acknowledged a record that was sent later than that. */
    boolean hasProgressedSince(long nanos) {
        for (var partition = 0; partition < partitions; partition++) {
            if (newestAcknowledged.get(partition) - nanos <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Sends no more, and waits until every send has its outcome. */
    void stop() {
        thread.close();
        client.close(CLOSE_LIMIT);
    }

    void abandon() {
        thread.shutdownNow();
        client.close(Duration.ZERO);
    }

    List<Send> sends() {
        return sends.stream()
                .map(
                        pending ->
                                new Send(
                                        identity,
                                        pending.sequence,
                                        pending.partition,
                                        pending.nanos,
                                        pending.outcome))
                .toList();
    }
}
