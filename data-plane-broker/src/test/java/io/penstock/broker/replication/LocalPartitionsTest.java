package io.penstock.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.log.Batches;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.log.LogDirectoryException;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.testing.AloneSurroundings;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

class LocalPartitionsTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Uuid ORDERS_ID = new Uuid(1, 1);
    private static final short ACKS_ALL = -1;

    @TempDir Path directory;
    private LocalPartitions partitions;
    private FakeCache cache;
    private final List<String> leadership = new CopyOnWriteArrayList<>();

    /** Hands out images that the test makes. */
    private static final class FakeCache implements MetadataCache {
        private final List<Listener> listeners = new ArrayList<>();
        private ClusterImage current = ClusterImage.EMPTY;

        @Override
        public ClusterImage current() {
            return current;
        }

        @Override
        public void subscribe(Listener listener) {
            listeners.add(listener);
            listener.onImage(ClusterImage.EMPTY, current);
        }

        void publish(ClusterImage next) {
            ClusterImage previous = current;
            current = next;
            listeners.forEach(listener -> listener.onImage(previous, next));
        }
    }

    @BeforeEach
    void start() {
        cache = new FakeCache();
        partitions = open();
    }

    @AfterEach
    void stop() throws IOException {
        partitions.close();
    }

    private LocalPartitions open() {
        LocalPartitions opened =
                new LocalPartitions(
                        AloneSurroundings.of(1, cache),
                        new DiskLogs(
                                LogDirectories.open(
                                        LogDirectoriesOptions.defaults(
                                                List.of(directory), 1, "cluster"),
                                        Clock.SYSTEM,
                                        new KafkaDecompression())),
                        Map.of());
        opened.addListener(
                new LeadershipListener() {
                    @Override
                    public void onElected(TopicPartition partition, int leaderEpoch) {
                        leadership.add("elected " + leaderEpoch);
                    }

                    @Override
                    public void onResigned(TopicPartition partition, OptionalInt newEpoch) {
                        leadership.add("resigned " + newEpoch.orElse(-1));
                    }
                });
        opened.start(cache);
        return opened;
    }

    @Test
    void aLeaderAppendsAndAnswersReaders() {
        Partition orders = lead(0);

        Appended appended = (Appended) append(orders, "a", "b");

        assertThat(appended.baseOffset()).isZero();
        assertThat(orders.highWatermark()).isEqualTo(2);
        var read = (ReadResult.Records) orders.read(0, 0, 1000, true, Isolation.READ_COMMITTED);
        assertThat(read.size()).isPositive();
        read.records().release();
        var atEnd = (ReadResult.Records) orders.read(2, -1, 1000, true, Isolation.READ_UNCOMMITTED);
        assertThat(atEnd.records()).isNull();
        assertThat(orders.read(3, -1, 1000, true, Isolation.READ_UNCOMMITTED))
                .isInstanceOf(ReadResult.OffsetOutOfRange.class);
        assertThat(orders.read(0, 7, 1000, true, Isolation.READ_UNCOMMITTED))
                .isInstanceOf(ReadResult.UnknownLeaderEpoch.class);
    }

    @Test
    void tenuresAreToldInOrderAndOldEpochsIgnored() {
        lead(3);
        publish(2, image(state(1, 4, List.of(1)), ORDERS_ID));
        publish(3, image(state(2, 5, List.of(2)), ORDERS_ID));
        publish(4, image(state(1, 4, List.of(1)), ORDERS_ID));

        assertThat(leadership)
                .containsExactly("elected 3", "resigned 4", "elected 4", "resigned 5");
        Partition orders = partitions.find(ORDERS).orElseThrow();
        assertThat(orders.isLeader()).isFalse();
        assertThat(((Refused) append(orders, "a")).reason()).isEqualTo(Reason.NOT_LEADER);
        assertThat(orders.read(0, -1, 100, true, Isolation.REPLICA))
                .isInstanceOf(ReadResult.NotLeader.class);
    }

    @Test
    void waitersAreWokenByDataAndByTheLossOfLeadership() {
        Partition orders = lead(0);
        AtomicInteger woken = new AtomicInteger();
        AtomicInteger forgotten = new AtomicInteger();
        Partition.Waiter forgettable = forgotten::incrementAndGet;
        orders.whenReadable(0, Isolation.READ_UNCOMMITTED, woken::incrementAndGet);
        orders.whenReadable(0, Isolation.READ_UNCOMMITTED, forgettable);
        orders.forget(forgettable);
        assertThat(woken).hasValue(0);

        append(orders, "a");
        assertThat(woken).hasValue(1);
        orders.whenCommitted(1, woken::incrementAndGet);
        assertThat(woken).hasValue(2);
        orders.whenReadable(5, Isolation.READ_COMMITTED, woken::incrementAndGet);
        orders.whenCommitted(9, woken::incrementAndGet);
        publish(2, image(state(2, 1, List.of(2)), ORDERS_ID));

        assertThat(woken).hasValue(4);
        assertThat(forgotten).hasValue(0);
    }

    @Test
    void theWatermarkWaitsForFollowersAndForTheMinimum() throws IOException {
        publish(
                1,
                image(
                        new PartitionState(
                                List.of(1, 2, 3),
                                List.of(1, 2),
                                List.of(),
                                List.of(),
                                List.of(),
                                1,
                                0,
                                0),
                        ORDERS_ID,
                        Map.of("min.insync.replicas", "2")));
        LocalPartition orders = partitions.findLocal(ORDERS).orElseThrow();
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        orders.addListener(told::add);
        append(orders, "a", "b", "c");
        assertThat(orders.highWatermark()).isZero();

        reached(orders, 2, 2);
        assertThat(orders.highWatermark()).isEqualTo(2);
        reached(orders, 2, 3);
        append(orders, "d");
        publish(
                2,
                image(
                        new PartitionState(
                                List.of(1, 2, 3),
                                List.of(1),
                                List.of(),
                                List.of(),
                                List.of(),
                                1,
                                0,
                                1),
                        ORDERS_ID,
                        Map.of("min.insync.replicas", "2")));

        assertThat(orders.highWatermark()).isEqualTo(3);
        assertThat(((Refused) append(orders, "e")).reason()).isEqualTo(Reason.NOT_ENOUGH_REPLICAS);
        assertThat(told).containsExactly(0L, 2L, 3L);
    }

    @Test
    void recordsSurviveARestartAndATopicOfAnotherIdBeginsAnew() throws IOException {
        append(lead(0), "a", "b");
        partitions.close();
        partitions = open();
        await().until(() -> partitions.find(ORDERS).filter(Partition::isLeader).isPresent());
        Partition reopened = partitions.find(ORDERS).orElseThrow();
        assertThat(reopened.highWatermark()).isEqualTo(2);

        publish(2, image(state(1, 0, List.of(1)), new Uuid(2, 2)));

        Partition anew = partitions.find(ORDERS).orElseThrow();
        assertThat(anew.logEndOffset()).isZero();
        assertThat(anew.topicId()).isEqualTo(new Uuid(2, 2));
        assertThat(reopened.isLeader()).isFalse();
        assertThat(folders("-delete")).hasSize(1);
    }

    @Test
    void onlyTopicsThatWereKnownAreDeletedOthersAreSetAside() throws IOException {
        append(lead(0), "a");
        partitions.close();
        cache = new FakeCache();
        cache.publish(emptyImage(5));
        partitions = open();
        await().until(() -> partitions.appliedPosition().sequence() == 5);

        assertThat(folders("-stray")).hasSize(1);
        assertThat(partitions.all()).isEmpty();

        publish(6, image(state(1, 0, List.of(1)), ORDERS_ID));
        append(partitions.find(ORDERS).orElseThrow(), "b");
        publish(7, emptyImage(7));
        assertThat(partitions.find(ORDERS)).isEmpty();
        assertThat(folders("-delete")).hasSize(1);
        assertThat(leadership).endsWith("elected 0", "resigned -1");
    }

    @Test
    void deletedRecordsAreOutOfRangeAlsoAfterARestart() throws IOException {
        LocalPartition orders = (LocalPartition) lead(0);
        append(orders, "a", "b");
        append(orders, "c");

        assertThat(orders.deleteRecordsBefore(4)).isEmpty();
        assertThat(orders.deleteRecordsBefore(2)).hasValue(2);
        assertThat(orders.read(1, -1, 100, true, Isolation.READ_UNCOMMITTED))
                .isInstanceOf(ReadResult.OffsetOutOfRange.class);
        partitions.close();
        partitions = open();
        await().until(() -> partitions.find(ORDERS).isPresent());

        assertThat(partitions.find(ORDERS).orElseThrow().logStartOffset()).isEqualTo(2);
    }

    @Test
    void aSecondProcessOrAnotherBrokersDirectoryIsRefused() throws IOException {
        assertThatThrownBy(this::open)
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("in use by another process");
        partitions.close();

        assertThatThrownBy(
                        () ->
                                LogDirectories.open(
                                        LogDirectoriesOptions.defaults(
                                                List.of(directory), 2, "cluster"),
                                        Clock.SYSTEM,
                                        new KafkaDecompression()))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("broker.id=1")
                .hasMessageContaining("broker.id=2");
    }

    private static void reached(LocalPartition partition, int follower, long logEnd) {
        Optional<ReadResult> wrong =
                partition.followerReached(
                        new FollowerReport(
                                follower,
                                1,
                                0,
                                logEnd,
                                OptionalInt.of(0),
                                0,
                                new FollowerPulse(Clock.SYSTEM.monotonicNanos())));
        assertThat(wrong).isEmpty();
    }

    private Partition lead(int epoch) {
        publish(1, image(state(1, epoch, List.of(1)), ORDERS_ID));
        return partitions.find(ORDERS).orElseThrow();
    }

    private AppendResult append(Partition partition, String... values) {
        return partition.append(
                Batches.of(Batches.records(System.currentTimeMillis(), values)),
                AppendOrigin.CLIENT,
                ACKS_ALL);
    }

    private void publish(int sequence, ClusterImage image) {
        cache.publish(at(sequence, image));
        await().until(() -> partitions.appliedPosition().sequence() == sequence);
    }

    private static PartitionState state(int leader, int epoch, List<Integer> inSync) {
        return new PartitionState(
                List.of(1), inSync, List.of(), List.of(), List.of(), leader, epoch, epoch);
    }

    private static ClusterImage image(PartitionState state, Uuid topicId) {
        return image(state, topicId, Map.of());
    }

    private static ClusterImage image(
            PartitionState state, Uuid topicId, Map<String, String> configs) {
        return new ClusterImage(
                "cluster",
                StreamPosition.NONE,
                Optional.empty(),
                Map.of(),
                Map.of("orders", new TopicState(topicId, "orders", List.of(state))),
                Map.of(topicId, "orders"),
                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, "orders"), configs),
                Set.of(),
                Map.of());
    }

    private static ClusterImage emptyImage(int sequence) {
        return at(sequence, ClusterImage.EMPTY);
    }

    private static ClusterImage at(int sequence, ClusterImage image) {
        return new ClusterImage(
                image.clusterId(),
                new StreamPosition(1, sequence),
                image.controller(),
                image.brokers(),
                image.topics(),
                image.topicNames(),
                image.configs(),
                image.acls(),
                image.scram());
    }

    private List<String> folders(String suffix) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        }
    }
}
