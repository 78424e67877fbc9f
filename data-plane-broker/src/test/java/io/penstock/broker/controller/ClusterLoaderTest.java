package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.controller.ZnodeChanges.SizedOp;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZkSession;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What one controller wrote, the next one reads: whole, or mended where it stopped half-way. */
@Timeout(120)
class ClusterLoaderTest {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLoaderTest.class);
    private static final StreamPosition NEXT = new StreamPosition(2, 0);

    @TempDir Path directory;
    private TestZooKeeper zooKeeper;
    private ZkSession session;
    private FencedWriter writer;
    private final Scenario cluster = Scenario.of(0, 1, 2, 3);

    @BeforeEach
    void connect() throws Exception {
        zooKeeper = TestZooKeeper.start(directory);
        session = ZkSession.connect(zooKeeper.settings());
        ClusterIdentity.ensure(session);
        writer = new FencedWriter(session, 0);
    }

    @AfterEach
    void disconnect() {
        session.close();
        zooKeeper.close();
    }

    @Test
    void everythingAboutPartitionsAndBrokersIsReadAgain() {
        cluster.topic("orders", Map.of(ElectionRules.MIN_IN_SYNC, "2"), sameReplicas(70));
        cluster.topic("payments", 2, 0, 1, 2);
        cluster.proposes("orders", 3, 0);
        cluster.proposes("orders", 69, 0, 2);
        reassign("payments", 3, 1, 2);
        cluster.isFenced(1);
        cluster.goes(0, 2);
        cluster.setConfig(ConfigResource.Type.BROKER, "", ElectionRules.MIN_IN_SYNC, "2");

        writer.write(ZnodeChanges.of(ClusterImage.EMPTY, cluster.image(), everything()));
        ClusterLoader.Loaded loaded = ClusterLoader.load(session, 3, NEXT);

        assertThat(loaded.repairs()).isEmpty();
        assertThat(loaded.image().topics()).isEqualTo(cluster.image().topics());
        assertThat(loaded.image().configs()).isEqualTo(cluster.image().configs());
        assertThat(epochs(loaded.image())).isEqualTo(epochs(cluster.image()));
        assertThat(loaded.image().brokers().get(1).fenced()).isTrue();
        assertThat(loaded.image().departed().keySet()).containsExactlyInAnyOrder(0, 2);
        assertThat(loaded.image().departed().get(0).incarnation())
                .isEqualTo(cluster.image().departed().get(0).incarnation());
    }

    @Test
    void aStepWritesTheBucketsItChangedAndNoOthers() {
        cluster.topic("orders", Map.of(), sameReplicas(300));
        ClusterImage before = cluster.image();

        cluster.proposes("orders", 70, 0, 1);
        cluster.proposes("orders", 71, 0, 2);
        cluster.proposes("orders", 299, 0);

        assertThat(paths(ZnodeChanges.of(before, cluster.image(), changedPartitions("orders"))))
                .containsExactlyInAnyOrder(
                        ZkPaths.bucket("orders", 1), ZkPaths.bucket("orders", 4));
    }

    /** Whatever prefix of the writes came through, replicas and in-sync replicas agree after it. */
    @Test
    void aReassignmentOfWhichAPartWasWrittenIsMendedByTheNextController() {
        cluster.topic("orders", 2, 0, 1, 2);
        writer.write(ZnodeChanges.of(ClusterImage.EMPTY, cluster.image(), everything()));
        ClusterImage former = cluster.image();
        reassign("orders", 3, 1);
        List<SizedOp> begin = ZnodeChanges.of(former, cluster.image(), changedPartitions("orders"));
        assertThat(paths(begin))
                .containsExactly(ZkPaths.bucket("orders", 0), ZkPaths.topic("orders"));

        writer.write(begin.subList(0, 1));
        assertThat(loadedPartition().replicas()).containsExactly(0, 1, 2);
        assertThat(loadedPartition().isReassigning()).isFalse();
        writer.write(begin.subList(1, 2));
        assertThat(loadedPartition()).isEqualTo(cluster.partition("orders", 0));

        ClusterImage begun = cluster.image();
        assertThat(cluster.proposes("orders", 0, 0, 1, 2, 3)).isEqualTo(Errors.NEW_LEADER_ELECTED);
        writer.write(
                ZnodeChanges.of(begun, cluster.image(), changedPartitions("orders")).subList(0, 1));
        PartitionState half = loadedPartition();
        assertThat(half.inSync()).containsExactlyInAnyOrder(3, 1);
        assertThat(half.isReassigning()).isTrue();

        PartitionState mended =
                PartitionStep.of(half, new ElectionRules(id -> true, 2, false))
                        .next()
                        .orElseThrow();
        assertThat(mended.replicas()).containsExactly(3, 1);
        assertThat(mended.inSync()).containsExactly(3, 1);
        assertThat(mended.leader()).isEqualTo(3);
        assertThat(mended.isReassigning()).isFalse();
    }

    @Test
    void twentyThousandPartitionsAreLoaded() {
        int topics = 400;
        List<MetadataRecord> records = new ArrayList<>(brokerRecords());
        for (int i = 0; i < topics; i++) {
            cluster.topic("topic-" + i, Map.of(), sameReplicas(50));
        }
        cluster.image().topics().values().stream()
                .map(MetadataRecord.TopicChanged::new)
                .forEach(records::add);
        long beforeWrite = System.nanoTime();
        writer.write(ZnodeChanges.of(ClusterImage.EMPTY, cluster.image(), records));
        long beforeLoad = System.nanoTime();

        ClusterLoader.Loaded loaded = ClusterLoader.load(session, 3, NEXT);

        long loadedAt = System.nanoTime();
        new ControllerCore(Map.of(), new Random(1), Uuid::randomUuid)
                .decide(loaded.image(), new ControllerEvent.BrokersRegistered(Map.of()));
        LOG.info(
                "20,000 partitions written in {} ms, loaded in {} ms, elected in {} ms",
                TimeUnit.NANOSECONDS.toMillis(beforeLoad - beforeWrite),
                TimeUnit.NANOSECONDS.toMillis(loadedAt - beforeLoad),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - loadedAt));
        assertThat(loaded.repairs()).isEmpty();
        assertThat(loaded.image().topics()).isEqualTo(cluster.image().topics());
        assertThat(loaded.image().topics().values().stream().mapToInt(t -> t.partitions().size()))
                .hasSize(topics)
                .allMatch(count -> count == 50);
    }

    private static List<List<Integer>> sameReplicas(int partitions) {
        List<List<Integer>> replicas = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            replicas.add(List.of(0, 1, 2));
        }
        return replicas;
    }

    private void reassign(String topic, Integer... target) {
        var request =
                new AlterPartitionReassignmentsRequestData()
                        .setTopics(
                                List.of(
                                        new ReassignableTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new ReassignablePartition()
                                                                        .setPartitionIndex(0)
                                                                        .setReplicas(
                                                                                List.of(
                                                                                        target))))));
        cluster.ask(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 1, request);
    }

    private List<MetadataRecord> everything() {
        return ClusterImages.snapshot(cluster.image());
    }

    private List<MetadataRecord> brokerRecords() {
        return cluster.image().brokers().values().stream()
                .<MetadataRecord>map(MetadataRecord.BrokerRegistered::new)
                .toList();
    }

    private List<MetadataRecord> changedPartitions(String topic) {
        List<MetadataRecord> records = new ArrayList<>();
        var state = cluster.image().topics().get(topic);
        for (int i = 0; i < state.partitions().size(); i++) {
            if (state.partitions().get(i).partitionEpoch() > 0) {
                records.add(
                        new MetadataRecord.PartitionChanged(
                                state.id(), i, state.partitions().get(i)));
            }
        }
        return records;
    }

    private static List<String> paths(List<SizedOp> operations) {
        return operations.stream().map(o -> o.operation().getPath()).toList();
    }

    private static Map<Integer, Long> epochs(ClusterImage image) {
        return image.brokers().values().stream()
                .collect(Collectors.toMap(b -> b.id(), b -> b.epoch(), (a, b) -> a, TreeMap::new));
    }

    private PartitionState loadedPartition() {
        ClusterLoader.Loaded loaded = ClusterLoader.load(session, 3, NEXT);
        return loaded.image().partition("orders", 0).orElseThrow();
    }
}
