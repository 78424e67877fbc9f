package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZkSession;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

@Timeout(120)
class ClusterMembershipTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long LIMIT_MILLIS = LIMIT.toMillis();

    @TempDir Path directory;
    private TestZooKeeper zooKeeper;
    private ZkSession operator;
    private final List<TestNode> nodes = new ArrayList<>();

    @BeforeEach
    void startZooKeeper() throws Exception {
        zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
        operator = ZkSession.connect(zooKeeper.settings());
    }

    @AfterEach
    void stopAll() {
        nodes.forEach(TestNode::close);
        operator.close();
        zooKeeper.close();
    }

    @Test
    void oneOfThreeIsTheControllerAndAllSeeTheSameCluster() throws Exception {
        TestNode first = start(0);
        TestNode second = start(1);
        TestNode third = start(2);

        assertThat(nodes).filteredOn(n -> n.membership().isController()).containsExactly(first);
        awaitTrue(() -> nodes.stream().allMatch(n -> n.image().brokers().size() == 3));
        assertThat(second.image().clusterId()).isEqualTo(first.image().clusterId()).isNotEmpty();
        assertThat(third.image().controller()).contains(0);
    }

    @Test
    void whoeverWasAskedShowsTheTopicWhenItIsAnswered() throws Exception {
        start(0);
        TestNode follower = start(1);

        for (int i = 0; i < 20; i++) {
            CreateTopicsResponseData response = create(follower, "topic-" + i, 3);
            assertThat(response.topics().find("topic-" + i).errorCode())
                    .isEqualTo(Errors.NONE.code());
            assertThat(follower.image().topics()).containsKey("topic-" + i);
        }
    }

    @Test
    void aTopicOfManyBucketsOutlivesTheControllerThatMadeIt() throws Exception {
        TestNode controller = start(0);
        TestNode other = start(1);
        create(other, "wide", 1_000);
        TopicState before = other.image().topic("wide").orElseThrow();
        int epoch = other.image().position().controllerEpoch();

        controller.stop();

        awaitTrue(() -> other.membership().isController());
        awaitTrue(() -> other.image().position().controllerEpoch() > epoch);
        awaitTrue(
                () ->
                        other.image().topic("wide").orElseThrow().partitions().stream()
                                .noneMatch(p -> p.leader() == 0));
        TopicState after = other.image().topic("wide").orElseThrow();
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.partitions()).hasSize(1_000);
        IntStream.range(0, 1_000)
                .filter(i -> before.partitions().get(i).leader() == 1)
                .forEach(
                        i ->
                                assertThat(after.partitions().get(i))
                                        .isEqualTo(before.partitions().get(i)));
        assertThat(create(other, "later", 2).topics().find("later").errorCode())
                .isEqualTo(Errors.NONE.code());
    }

    /** What its log directory tells the next process. */
    @Test
    void aProcessThatMetadataShowedIsAllThatIsWrittenDown() throws Exception {
        start(0);
        TestNode node = start(1);
        PreviousStop stop =
                new PreviousStop(
                        node.membership().brokerEpoch(),
                        node.image().brokers().get(1).incarnation(),
                        StopKind.PROCESS);
        List<Path> logDirectories = List.of(directory.resolve("1"));

        awaitTrue(
                () ->
                        RunFiles.of(logDirectories, OptionalLong.empty())
                                .previous()
                                .equals(List.of(stop)));
    }

    @Test
    void theEpochFencesAnEarlierController() throws Exception {
        TestNode node = start(0);
        int version =
                operator.read(ZkPaths.CONTROLLER_EPOCH)
                        .get(10, TimeUnit.SECONDS)
                        .orElseThrow()
                        .version();
        FencedWriter earlier = new FencedWriter(operator, version - 1);
        FencedWriter present = new FencedWriter(operator, version);
        var change = List.of(ZnodeChanges.sizedSet(ZkPaths.ACL, "changed".getBytes(UTF_8)));

        assertThatThrownBy(() -> earlier.write(change)).isInstanceOf(NotController.class);
        assertThat(data(ZkPaths.ACL)).isEmpty();
        present.write(change);
        assertThat(data(ZkPaths.ACL)).isEqualTo("changed");
        assertThat(node.membership().isController()).isTrue();
    }

    @Test
    void aRequestToAControllerThatWasOvertakenIsCarriedOutByTheNext() throws Exception {
        TestNode node = start(0);
        int epoch = node.image().position().controllerEpoch();

        operator.write(ZkPaths.CONTROLLER_EPOCH, Integer.toString(epoch + 5).getBytes(UTF_8), -1)
                .get(10, TimeUnit.SECONDS);
        CreateTopicsResponseData response = create(node, "orders", 1);

        assertThat(response.topics().find("orders").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(node.image().position().controllerEpoch()).isEqualTo(epoch + 6);
        assertThat(data(ZkPaths.CONTROLLER_EPOCH)).isEqualTo(Integer.toString(epoch + 6));
    }

    @Test
    void aBrokerWhoseSessionExpiredRegistersAnewAndLeadsInALaterEpoch() throws Exception {
        TestNode controller = start(0);
        TestNode other = start(1);
        create(controller, "orders", 4);
        awaitTrue(() -> other.image().topics().containsKey("orders"));
        long epoch = other.membership().brokerEpoch();
        int index = ledBy(controller.image(), "orders", 1);

        zooKeeper.expire(owner(ZkPaths.broker(1)));

        awaitTrue(() -> other.membership().brokerEpoch() > epoch);
        awaitTrue(
                () -> {
                    PartitionState state = other.image().partition("orders", index).orElseThrow();
                    return state.leader() == 1 && state.leaderEpoch() > 0;
                });
        assertThat(controller.membership().isController()).isTrue();
    }

    @Test
    void anExpiredControllerIsReplacedAndFollowsTheNext() throws Exception {
        TestNode first = start(0);
        TestNode second = start(1);
        int epoch = first.image().position().controllerEpoch();

        zooKeeper.expire(owner(ZkPaths.CONTROLLER));

        awaitTrue(
                () ->
                        nodes.stream()
                                .allMatch(
                                        n ->
                                                n.image().position().controllerEpoch() > epoch
                                                        && n.image().brokers().size() == 2));
        assertThat(nodes).filteredOn(n -> n.membership().isController()).hasSize(1);
        create(first, "by-first", 1);
        create(second, "by-second", 1);
        awaitTrue(() -> first.image().topics().size() == 2 && second.image().topics().size() == 2);
    }

    @Test
    void aKilledBrokerReturnsWithoutWaitingForItsOldSession() throws Exception {
        start(0);
        TestNode killed = start(1);
        long epoch = killed.membership().brokerEpoch();
        Path kept = directory.resolve("1").resolve("zookeeper-session.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        killed.fallSilent();
        Path copy = directory.resolve("restarted");
        Files.createDirectories(copy.resolve("1"));
        Files.copy(kept, copy.resolve("1").resolve("zookeeper-session.json"));
        long start = System.nanoTime();
        try (TestNode restarted = TestNode.start(1, zooKeeper.settings(), copy, killed.port())) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            assertThat(restarted.membership().brokerEpoch()).isGreaterThan(epoch);
        }
    }

    @Test
    void aSecondCopyOfALivingBrokerIsRefusedWithItsAddress() throws Exception {
        TestNode living = start(0);

        assertThatThrownBy(() -> TestNode.start(0, zooKeeper.settings(), directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broker.id=0")
                .hasMessageContaining(":" + living.port());
        assertThat(living.membership().isController()).isTrue();
    }

    @Test
    void whatALostControllerLeftHalfMadeIsFinishedOrRemoved() throws Exception {
        TestNode node = start(0);
        create(node, "whole", 70);
        TopicState whole = node.image().topic("whole").orElseThrow();
        node.stop();
        nodes.clear();
        setStage(whole, TopicJson.Stage.CREATING);
        TopicState partial = new TopicState(Uuid.randomUuid(), "partial", whole.partitions());
        put(ZkPaths.topic("partial"), TopicJson.encode(partial, TopicJson.Stage.CREATING));
        put(ZkPaths.partitions("partial"), new byte[0]);
        operator.create(
                        ZkPaths.bucket("partial", 0),
                        operator.read(ZkPaths.bucket("whole", 0))
                                .get(10, TimeUnit.SECONDS)
                                .orElseThrow()
                                .data(),
                        CreateMode.PERSISTENT)
                .get(10, TimeUnit.SECONDS);
        TopicState going = new TopicState(Uuid.randomUuid(), "going", whole.partitions());
        put(ZkPaths.topic("going"), TopicJson.encode(going, TopicJson.Stage.DELETING));

        TestNode next = start(0);

        assertThat(next.image().topics()).containsOnlyKeys("whole");
        assertThat(next.image().topic("whole").orElseThrow().partitions()).hasSize(70);
        assertThat(operator.children(ZkPaths.TOPICS, null).get(10, TimeUnit.SECONDS))
                .containsExactly("whole");
        assertThat(data(ZkPaths.topic("whole"))).contains("\"ACTIVE\"");
    }

    @Test
    void aDeletedTopicLeavesNothingBehind() throws Exception {
        TestNode node = start(0);
        create(node, "orders", 130);

        node.membership()
                .controller()
                .submit(
                        ApiKeys.DELETE_TOPICS,
                        (short) 6,
                        new DeleteTopicsRequestData()
                                .setTopics(List.of(new DeleteTopicState().setName("orders"))),
                        LIMIT_MILLIS)
                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);

        assertThat(node.image().topics()).isEmpty();
        assertThat(operator.children(ZkPaths.TOPICS, null).get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void producerIdBlocksNeverOverlap() throws Exception {
        TestNode first = start(0);
        TestNode second = start(1);
        List<CompletableFuture<ControllerChannel.ProducerIdBlock>> blocks = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            blocks.add(first.membership().controller().nextProducerIdBlock());
            blocks.add(second.membership().controller().nextProducerIdBlock());
        }

        Set<Long> starts = new HashSet<>();
        for (var block : blocks) {
            ControllerChannel.ProducerIdBlock taken =
                    block.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(taken.first() % taken.size()).isZero();
            starts.add(taken.first());
        }
        assertThat(starts).hasSize(20);
    }

    private TestNode start(int id) throws Exception {
        TestNode node = TestNode.start(id, zooKeeper.settings(), directory);
        nodes.add(node);
        return node;
    }

    private static void awaitTrue(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private static CreateTopicsRequestData creation(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName(name)
                                .setNumPartitions(partitions)
                                .setReplicationFactor((short) 1));
        return request;
    }

    private static CreateTopicsResponseData create(TestNode node, String name, int partitions)
            throws Exception {
        return (CreateTopicsResponseData)
                node.membership()
                        .controller()
                        .submit(
                                ApiKeys.CREATE_TOPICS,
                                (short) 7,
                                creation(name, partitions),
                                LIMIT_MILLIS)
                        .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static int ledBy(ClusterImage image, String topic, int broker) {
        List<PartitionState> partitions = image.topic(topic).orElseThrow().partitions();
        return IntStream.range(0, partitions.size())
                .filter(i -> partitions.get(i).leader() == broker)
                .findFirst()
                .orElseThrow();
    }

    private long owner(String path) throws Exception {
        return operator.read(path)
                .get(10, TimeUnit.SECONDS)
                .orElseThrow()
                .stat()
                .getEphemeralOwner();
    }

    private String data(String path) throws Exception {
        return new String(
                operator.read(path).get(10, TimeUnit.SECONDS).orElseThrow().data(), UTF_8);
    }

    private void put(String path, byte[] data) throws Exception {
        operator.create(path, data, CreateMode.PERSISTENT).get(10, TimeUnit.SECONDS);
    }

    private void setStage(TopicState topic, TopicJson.Stage stage) throws Exception {
        operator.write(ZkPaths.topic(topic.name()), TopicJson.encode(topic, stage), -1)
                .get(10, TimeUnit.SECONDS);
    }
}
