package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkSession;

import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
class StartPatienceTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir Path directory;

    @Test
    void aStartOutlivesTheLossOfZooKeeper() throws Exception {
        try (TestZooKeeper zooKeeper = TestZooKeeper.start(directory);
                ZkSession session = ZkSession.connect(zooKeeper.settings())) {
            zooKeeper.stop();
            CountDownLatch failedOnce = new CountDownLatch(1);
            CompletableFuture<String> clusterId =
                    CompletableFuture.supplyAsync(
                            () ->
                                    StartPatience.insist(
                                            LIMIT, () -> ensureCounting(session, failedOnce)));
            assertThat(failedOnce.await(30, TimeUnit.SECONDS)).isTrue();

            zooKeeper.startAgain();

            assertThat(clusterId.get(40, TimeUnit.SECONDS)).isNotEmpty();
        }
    }

    private static String ensureCounting(ZkSession session, CountDownLatch failedOnce) {
        try {
            return ClusterIdentity.ensure(session);
        } catch (ZkException e) {
            failedOnce.countDown();
            throw e;
        }
    }

    @Test
    void whatWouldFailAgainIsNotRepeated() {
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(
                        () ->
                                StartPatience.insist(
                                        LIMIT,
                                        () -> {
                                            attempts.incrementAndGet();
                                            throw new ZkException(Code.NOAUTH, "/cluster");
                                        }))
                .isInstanceOf(ZkException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void theLimitEndsIt() {
        assertThatThrownBy(
                        () ->
                                StartPatience.insist(
                                        Duration.ofMillis(250),
                                        () -> {
                                            throw new ZkException(Code.CONNECTIONLOSS, "/cluster");
                                        }))
                .isInstanceOf(ZkException.class);
    }
}
