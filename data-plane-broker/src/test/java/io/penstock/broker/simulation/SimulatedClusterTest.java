package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

class SimulatedClusterTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIZE = 3;

    private final SimulatedCluster cluster = new SimulatedCluster(1, SIZE, Mutation.NONE);

    @Test
    void aLeaderThatDiesIsReplacedLongBeforeItsSessionExpires() {
        form();
        createTopic();
        int leader = leader(0);

        cluster.kill(leader);

        assertThat(cluster.runUntil(Duration.ofMillis(100), () -> allSeeAnotherThan(leader)))
                .isTrue();
    }

    @Test
    void aLeaderThatIsFrozenIsReplacedWhenItsSessionExpires() {
        form();
        createTopic();
        int leader = leader(0);
        cluster.broker(leader).orElseThrow().process().pause();

        boolean early = cluster.runUntil(Duration.ofSeconds(4), () -> othersSeeAnotherThan(leader));
        boolean late = cluster.runUntil(Duration.ofSeconds(4), () -> othersSeeAnotherThan(leader));

        assertThat(early).isFalse();
        assertThat(late).isTrue();
    }

    private void form() {
        for (int id = 0; id < SIZE; id++) {
            cluster.start(id);
        }
        assertThat(
                        cluster.runUntil(
                                LIMIT,
                                () ->
                                        cluster.brokers().stream()
                                                .allMatch(b -> b.image().brokers().size() == SIZE)))
                .isTrue();
    }

    private void createTopic() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName("orders")
                                .setNumPartitions(1)
                                .setReplicationFactor((short) SIZE));
        CompletableFuture<ApiMessage> created =
                cluster.broker(1)
                        .orElseThrow()
                        .membership()
                        .controller()
                        .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
        assertThat(cluster.runUntil(LIMIT, created::isDone)).isTrue();
        assertThat(
                        cluster.runUntil(
                                LIMIT,
                                () ->
                                        cluster.brokers().stream()
                                                .allMatch(
                                                        b ->
                                                                b.image()
                                                                        .topic("orders")
                                                                        .isPresent())))
                .isTrue();
    }

    private int leader(int broker) {
        return cluster.broker(broker)
                .orElseThrow()
                .image()
                .partition("orders", 0)
                .orElseThrow()
                .leader();
    }

    private boolean allSeeAnotherThan(int leader) {
        return cluster.brokers().stream().allMatch(b -> leader(b.id()) != leader);
    }

    private boolean othersSeeAnotherThan(int leader) {
        return cluster.brokers().stream()
                .filter(b -> b.id() != leader)
                .allMatch(b -> leader(b.id()) != leader);
    }
}
