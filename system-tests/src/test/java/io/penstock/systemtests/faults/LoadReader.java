package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.Commit;
import io.penstock.systemtests.faults.History.LostPosition;
import io.penstock.systemtests.faults.History.Read;
import io.penstock.systemtests.faults.History.Reader;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** Reads what is sent while it is sent: alone from the beginning, or as a group's member. */
final class LoadReader {
    private static final Logger LOG = LoggerFactory.getLogger(LoadReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);
    private static final long BETWEEN_COMMITS_NANOS = Duration.ofMillis(250).toNanos();
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Reader identity;
    private final KafkaConsumer<String, String> client;
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
    private final Queue<Commit> commits = new ConcurrentLinkedQueue<>();
    private final Queue<LostPosition> lostPositions = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private final Thread thread;
    private long committedNanos = System.nanoTime();
    private volatile boolean stopped;
    private volatile long newestCommitNanos = System.nanoTime();

    private LoadReader(Reader identity, Map<String, Object> settings) {
        this.identity = identity;
        this.client =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        this.thread =
                Thread.ofPlatform().daemon().name("load-" + identity.name()).unstarted(this::run);
    }

    /** Follows all partitions; never goes elsewhere by itself when its position does not exist. */
    static LoadReader alone(String name, String bootstrapServers, String topic, int partitions) {
        var settings = settings(bootstrapServers);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        var reader = new LoadReader(new Reader(name, true), settings);
        var all =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        reader.client.assign(all);
        all.forEach(partition -> reader.client.seek(partition, 0));
        return reader;
    }

    static LoadReader member(String name, String bootstrapServers, String topic, String group) {
        var settings = settings(bootstrapServers);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        var reader = new LoadReader(new Reader(name, false), settings);
        reader.client.subscribe(List.of(topic), reader.new Forgetting());
        return reader;
    }

    /** What another member may have read on from is not this one's to commit any more. */
    private final class Forgetting implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            uncommitted.keySet().removeAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // The client reads on from what the group has committed.
        }
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        var settings = new HashMap<String, Object>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                poll();
            } catch (OffsetOutOfRangeException e) {
                lose(e);
            } catch (WakeupException | InterruptException e) {
                // Only a stop does that.
            } catch (KafkaException e) {
                LOG.info("{} goes on after {}", identity.name(), e.toString());
            }
        }
        client.close(COMMIT_LIMIT);
    }

    private void poll() {
        for (var found : client.poll(POLL)) {
            reads.add(
                    new Read(
                            identity,
                            found.partition(),
                            found.offset(),
                            found.leaderEpoch().orElse(-1),
                            found.value()));
            ends.put(found.partition(), found.offset() + 1);
            uncommitted.put(
                    new TopicPartition(found.topic(), found.partition()),
                    new OffsetAndMetadata(found.offset() + 1, found.leaderEpoch(), ""));
        }
        if (!identity.isAlone()
                && System.nanoTime() - committedNanos > BETWEEN_COMMITS_NANOS
                && !uncommitted.isEmpty()) {
            commit();
        }
    }

    private void commit() {
        var offsets = Map.copyOf(uncommitted);
        uncommitted.clear();
        committedNanos = System.nanoTime();
        client.commitSync(offsets, COMMIT_LIMIT);
        newestCommitNanos = committedNanos;
        offsets.forEach(
                (partition, offset) ->
                        commits.add(new Commit(partition.partition(), offset.offset())));
    }

    /** Notes it, and goes on from the beginning. */
    private void lose(OffsetOutOfRangeException lost) {
        lost.offsetOutOfRangePartitions()
                .forEach(
                        (partition, offset) -> {
                            lostPositions.add(
                                    new LostPosition(identity, partition.partition(), offset));
                            client.seek(partition, 0);
                        });
    }

    boolean isAlone() {
        return identity.isAlone();
    }

    /** Whether a commit that began later than that was acknowledged. */
    boolean hasCommittedSince(long nanos) {
        return newestCommitNanos - nanos > 0;
    }

    /** Whether it was given every record before these offsets. */
    boolean hasReadTo(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .allMatch(end -> ends.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    @Override
    public String toString() {
        return identity.name() + " at " + new TreeMap<>(ends);
    }

    void stop() throws InterruptedException {
        stopped = true;
        client.wakeup();
        thread.join(STOP_LIMIT);
        if (thread.isAlive()) {
            throw new AssertionError("The reader " + identity.name() + " does not end");
        }
    }

    Queue<Read> reads() {
        return reads;
    }

    Queue<Commit> commits() {
        return commits;
    }

    Queue<LostPosition> lostPositions() {
        return lostPositions;
    }
}
