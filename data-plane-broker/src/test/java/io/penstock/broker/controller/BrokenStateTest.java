package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZkSession;
import io.penstock.broker.zk.Znode;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** ZooKeeper holds what no controller can begin with. */
@Timeout(120)
class BrokenStateTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void whoCannotLoadStandsLessAndLessOftenUntilItIsMended() throws Exception {
        try (TestZooKeeper zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
                ZkSession operator = ZkSession.connect(zooKeeper.settings());
                TestNode node = TestNode.start(0, zooKeeper.settings(), directory)) {
            create(node, "orders");
            String bucket = ZkPaths.bucket("orders", 0);
            byte[] state = read(operator, bucket).data();

            operator.delete(bucket, -1).get(10, TimeUnit.SECONDS);
            int overtaken = epoch(operator) + 1;
            operator.write(
                            ZkPaths.CONTROLLER_EPOCH,
                            Integer.toString(overtaken).getBytes(UTF_8),
                            -1)
                    .get(10, TimeUnit.SECONDS);
            node.membership().controller().submit(ApiKeys.CREATE_TOPICS, (short) 7, topic("x"), 1);
            awaitEpoch(operator, overtaken + 1);
            long start = System.nanoTime();
            awaitEpoch(operator, overtaken + 4);

            // The tenure that was overtaken waited 100 ms; then 200, 400 and 800 ms at least.
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(1_200));

            operator.create(bucket, state, CreateMode.PERSISTENT).get(10, TimeUnit.SECONDS);
            await().atMost(LIMIT)
                    .until(
                            () ->
                                    node.membership().isController()
                                            && node.image().position().controllerEpoch()
                                                    >= overtaken + 4);
        }
    }

    private static void awaitEpoch(ZkSession operator, int epoch) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> epoch(operator) >= epoch);
    }

    private static int epoch(ZkSession operator) throws Exception {
        return Integer.parseInt(new String(read(operator, ZkPaths.CONTROLLER_EPOCH).data(), UTF_8));
    }

    private static Znode read(ZkSession operator, String path) throws Exception {
        return operator.read(path).get(10, TimeUnit.SECONDS).orElseThrow();
    }

    private static void create(TestNode node, String name) throws Exception {
        node.membership()
                .controller()
                .submit(ApiKeys.CREATE_TOPICS, (short) 7, topic(name), 10_000)
                .get(20, TimeUnit.SECONDS);
    }

    private static CreateTopicsRequestData topic(String name) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName(name)
                                .setNumPartitions(1)
                                .setReplicationFactor((short) 1));
        return request;
    }
}
