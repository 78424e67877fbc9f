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

    @Test
    void aClusterFormsAndReplacesALeaderThatDies() {
        SimulatedCluster cluster = new SimulatedCluster(1, 3, Mutation.NONE);
        for (int id = 0; id < 3; id++) {
            cluster.start(id);
        }
        assertThat(
                        cluster.runUntil(
                                LIMIT,
                                () ->
                                        cluster.brokers().stream()
                                                .allMatch(b -> b.image().brokers().size() == 3)))
                .isTrue();
        CreateTopicsRequestData.CreatableTopicCollection topics =
                new CreateTopicsRequestData.CreatableTopicCollection();
        topics.add(
                new CreatableTopic()
                        .setName("orders")
                        .setNumPartitions(2)
                        .setReplicationFactor((short) 3));
        CompletableFuture<ApiMessage> created =
                cluster.broker(1)
                        .orElseThrow()
                        .membership()
                        .controller()
                        .submit(
                                ApiKeys.CREATE_TOPICS,
                                (short) 7,
                                new CreateTopicsRequestData()
                                        .setTopics(topics)
                                        .setTimeoutMs(10_000),
                                10_000);
        assertThat(cluster.runUntil(LIMIT, created::isDone)).isTrue();
        System.out.println(created.join());
        assertThat(
                        cluster.runUntil(
                                LIMIT,
                                () ->
                                        cluster.brokers().stream()
                                                .allMatch(
                                                        b ->
                                                                b.image()
                                                                        .partition("orders", 0)
                                                                        .isPresent())))
                .isTrue();
        int leader =
                cluster.broker(0)
                        .orElseThrow()
                        .image()
                        .partition("orders", 0)
                        .orElseThrow()
                        .leader();
        long killed = cluster.time().millis();
        cluster.kill(leader);
        assertThat(
                        cluster.runUntil(
                                LIMIT,
                                () ->
                                        cluster.brokers().stream()
                                                .allMatch(
                                                        b ->
                                                                b.image()
                                                                                .partition(
                                                                                        "orders", 0)
                                                                                .orElseThrow()
                                                                                .leader()
                                                                        != leader)))
                .isTrue();
        System.out.println(
                "killed "
                        + leader
                        + " at "
                        + killed
                        + " ms, replaced after "
                        + (cluster.time().millis() - killed)
                        + " ms, events "
                        + cluster.time().eventsHappened());
    }
}
