package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.simulation.SimulatedNetwork.Route;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Two brokers that lose only each other, without a reset, and are alive for everybody else. */
class CutLinkTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIZE = 3;
    private static final int PARTITIONS = 6;

    /** Of the silence that is suffered, of looking for another way, and of being busy. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private final SimulatedCluster cluster = new SimulatedCluster(7, SIZE, Mutation.NONE);

    @BeforeEach
    void form() {
        for (int id = 0; id < SIZE; id++) {
            cluster.start(id);
        }
        requireWithin(LIMIT, () -> brokers().allMatch(id -> knownTo(id) == SIZE));
        create("orders");
        requireWithin(LIMIT, () -> brokers().allMatch(id -> partitions(id).size() == PARTITIONS));
        cluster.runFor(Duration.ofSeconds(2));
    }

    @Test
    void aFollowerThatIsNotHeardLeavesThoughNothingIsWritten() {
        int one = otherThan(controller());
        int other = otherThan(controller(), one);

        cut(one, other);

        requireWithin(SOON, () -> separated(controller(), one, other));
    }

    @Test
    void aLeaderThatDoesNotReachTheControllerGoesRound() {
        int controller = controller();
        int leader = otherThan(controller);

        cut(leader, controller);

        requireWithin(SOON, () -> separated(controller, leader, controller));
        requireWithin(SOON, () -> separated(leader, leader, controller));
        assertThat(controller()).as("nobody was replaced").isEqualTo(controller);
        create(leader, "later");
        requireWithin(SOON, () -> brokers().allMatch(id -> knows(id, "later")));
    }

    @Test
    void whenTheLinkIsMendedAllAreInSyncAgain() {
        int controller = controller();
        int leader = otherThan(controller);
        cut(leader, controller);
        requireWithin(SOON, () -> separated(leader, leader, controller));

        cluster.network().mendAll();

        requireWithin(
                LIMIT,
                () ->
                        brokers()
                                .allMatch(
                                        id ->
                                                partitions(id).stream()
                                                        .allMatch(p -> p.inSync().size() == SIZE)));
    }

    /** Whether what either leads goes on without the other, as a broker sees it. */
    private boolean separated(int seenBy, int one, int other) {
        return partitions(seenBy).stream()
                .filter(p -> p.leader() == one || p.leader() == other)
                .allMatch(p -> p.inSync().size() == SIZE - 1);
    }

    private void cut(int one, int other) {
        String first = cluster.machines().get(one).host();
        String second = cluster.machines().get(other).host();
        cluster.network().cut(new Route(first, second));
        cluster.network().cut(new Route(second, first));
    }

    private interface Condition {
        boolean holds();
    }

    private void requireWithin(Duration limit, Condition condition) {
        assertThat(cluster.runUntil(limit, condition::holds))
                .as(
                        "controller %d, which sees %s",
                        controller(), partitions(Math.max(0, controller())))
                .isTrue();
    }

    private IntStream brokers() {
        return IntStream.range(0, SIZE);
    }

    private int controller() {
        return brokers()
                .filter(id -> cluster.broker(id).orElseThrow().membership().isController())
                .findFirst()
                .orElse(-1);
    }

    private int otherThan(int... taken) {
        return brokers()
                .filter(id -> IntStream.of(taken).noneMatch(t -> t == id))
                .findFirst()
                .orElseThrow();
    }

    private int knownTo(int id) {
        return cluster.broker(id).orElseThrow().image().brokers().size();
    }

    private boolean knows(int id, String topic) {
        return cluster.broker(id).orElseThrow().image().topic(topic).isPresent();
    }

    private List<PartitionState> partitions(int seenBy) {
        return cluster.broker(seenBy)
                .flatMap(broker -> broker.image().topic("orders"))
                .map(topic -> topic.partitions())
                .orElse(List.of());
    }

    private void create(String topic) {
        create(0, topic);
    }

    private void create(int through, String topic) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName(topic)
                                .setNumPartitions(PARTITIONS)
                                .setReplicationFactor((short) SIZE));
        CompletableFuture<ApiMessage> created =
                cluster.broker(through)
                        .orElseThrow()
                        .membership()
                        .controller()
                        .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
        requireWithin(LIMIT, created::isDone);
        assertThat(created).isCompleted();
    }
}
