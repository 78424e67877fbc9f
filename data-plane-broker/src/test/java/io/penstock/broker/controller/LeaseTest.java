package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZkSession;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class LeaseTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long LIMIT_MILLIS = LIMIT.toMillis();
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(2);

    /** Long enough for a busy machine to connect again before it expires. */
    private static final Duration SESSION_THAT_LASTS = Duration.ofSeconds(12);

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
    void theLossOfZooKeeperEndsTheLeaseAndNothingElse() throws Exception {
        TestNode first = start(0, SESSION_THAT_LASTS);
        TestNode second = start(1, SESSION_THAT_LASTS);
        awaitTrue(() -> first.membership().lease().isHeld());
        awaitTrue(() -> second.membership().lease().isHeld());
        awaitTrue(() -> second.image().brokers().size() == 2);
        long firstEpoch = first.membership().brokerEpoch();
        long secondEpoch = second.membership().brokerEpoch();
        var imageBefore = second.image();

        zooKeeper.stop();

        awaitTrue(() -> !first.membership().lease().isHeld());
        awaitTrue(() -> !second.membership().lease().isHeld());
        assertThat(second.image()).isEqualTo(imageBefore);

        zooKeeper.startAgain();

        awaitTrue(() -> first.membership().lease().isHeld());
        awaitTrue(() -> second.membership().lease().isHeld());
        assertThat(first.membership().brokerEpoch()).isEqualTo(firstEpoch);
        assertThat(second.membership().brokerEpoch()).isEqualTo(secondEpoch);
        awaitCreated(second, "afterwards");
    }

    @Test
    void aChangeThatWasAskedForWithoutZooKeeperIsNotSeenUnlessItWasWritten() throws Exception {
        TestNode controller = start(0);
        TestNode other = start(1);
        assertThat(create(other, "before")).isEqualTo(Errors.NONE);

        zooKeeper.stop();
        var asked = submit(other, "meanwhile", LIMIT_MILLIS);
        awaitTrue(() -> !controller.membership().isController());
        assertThat(other.image().topics()).containsOnlyKeys("before");
        zooKeeper.startAgain();

        awaitTrue(() -> nodes.stream().anyMatch(node -> node.membership().isController()));
        awaitCreated(other, "afterwards");
        awaitTrue(
                () -> other.image().topics().keySet().containsAll(List.of("before", "afterwards")));
        assertThat(asked.handle((reply, failure) -> true)).isNotNull();
        awaitTrue(() -> controller.image().topics().equals(other.image().topics()));
        assertThat(topicsInZooKeeper())
                .containsExactlyInAnyOrderElementsOf(other.image().topics().keySet());
    }

    @Test
    void withoutZooKeeperABrokerStillLeavesInBoundedTime() throws Exception {
        TestNode node = start(0);
        zooKeeper.stop();

        CompletableFuture<Void> left =
                CompletableFuture.runAsync(
                        () -> {
                            node.membership().stop(1_000);
                            node.membership().leave();
                        });

        left.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(node.membership().lease().isHeld()).isFalse();
        zooKeeper.startAgain();
    }

    @Test
    void aBrokerThatMeetsItsFenceRegistersWithANewEpoch() throws Exception {
        TestNode controller = start(0);
        TestNode fenced = start(1);
        awaitTrue(() -> fenced.membership().lease().isHeld());
        long epoch = fenced.membership().brokerEpoch();

        operator.write(ZkPaths.fenced(1), FenceJson.encode(epoch), -1)
                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);

        awaitTrue(() -> fenced.membership().brokerEpoch() > epoch);
        awaitTrue(() -> fenced.membership().lease().isHeld());
        awaitTrue(
                () ->
                        controller.image().brokers().get(1).epoch()
                                == fenced.membership().brokerEpoch());
    }

    @Test
    void aRegistrationThatSomebodyDeletedIsMadeAnew() throws Exception {
        TestNode controller = start(0);
        TestNode deleted = start(1);
        awaitTrue(() -> deleted.membership().lease().isHeld());
        long epoch = deleted.membership().brokerEpoch();

        operator.delete(ZkPaths.broker(1), -1).get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);

        awaitTrue(() -> deleted.membership().brokerEpoch() > epoch);
        awaitTrue(() -> deleted.membership().lease().isHeld());
        awaitTrue(
                () ->
                        controller.image().brokers().containsKey(1)
                                && controller.image().brokers().get(1).epoch()
                                        == deleted.membership().brokerEpoch());
    }

    @Test
    void anExpiredSessionEndsTheLeaseUntilTheNextRegistration() throws Exception {
        start(0);
        TestNode expired = start(1);
        awaitTrue(() -> expired.membership().lease().isHeld());
        long epoch = expired.membership().brokerEpoch();

        zooKeeper.expire(owner(ZkPaths.broker(1)));

        awaitTrue(() -> expired.membership().brokerEpoch() > epoch);
        awaitTrue(() -> expired.membership().lease().isHeld());
        assertThat(expired.membership().brokerEpoch()).isEqualTo(czxid(ZkPaths.broker(1)));
    }

    private TestNode start(int id) throws Exception {
        return start(id, SESSION_TIMEOUT);
    }

    private TestNode start(int id, Duration sessionTimeout) throws Exception {
        ZkSettings settings = zooKeeper.settings();
        TestNode node =
                TestNode.start(
                        id,
                        new ZkSettings(
                                settings.connect(),
                                sessionTimeout,
                                settings.connectTimeout(),
                                settings.clientProperties()),
                        directory);
        nodes.add(node);
        return node;
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private static CompletableFuture<CreateTopicsResponseData> submit(
            TestNode node, String topic, long timeoutMillis) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName(topic)
                                .setNumPartitions(1)
                                .setReplicationFactor((short) 1));
        return node.membership()
                .controller()
                .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, timeoutMillis)
                .thenApply(CreateTopicsResponseData.class::cast);
    }

    private static Errors create(TestNode node, String topic) throws Exception {
        return Errors.forCode(
                submit(node, topic, LIMIT_MILLIS)
                        .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                        .topics()
                        .find(topic)
                        .errorCode());
    }

    /** As a client does: whoever hears that the controller changed meanwhile asks again. */
    private static void awaitCreated(TestNode node, String topic) {
        await().atMost(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .ignoreExceptionsMatching(failure -> failure.getCause() instanceof TimeoutException)
                .until(
                        () -> create(node, topic),
                        error -> error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS);
    }

    private List<String> topicsInZooKeeper() throws Exception {
        return operator.children(ZkPaths.TOPICS, null).get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private long owner(String path) throws Exception {
        return operator.read(path)
                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .orElseThrow()
                .stat()
                .getEphemeralOwner();
    }

    private long czxid(String path) throws Exception {
        return operator.read(path)
                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                .orElseThrow()
                .stat()
                .getCzxid();
    }
}
