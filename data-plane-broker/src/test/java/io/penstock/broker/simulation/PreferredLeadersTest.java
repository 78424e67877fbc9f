package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class PreferredLeadersTest {

    private static final int PARTITIONS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** leader.imbalance.check.interval.seconds is 300 by default. */
    private static final Duration INTERVAL = Duration.ofSeconds(300);

    private final SimulatedCluster cluster = new SimulatedCluster(5, 3, Mutation.NONE);

    @Test
    void leadersGoBackToTheBrokerThatReturned() {
        for (int id = 0; id < 3; id++) {
            cluster.start(id);
        }
        requireWithin(LIMIT, () -> brokersKnown(3));
        createTopic();
        requireWithin(LIMIT, () -> partitions().size() == PARTITIONS);

        cluster.kill(2);
        requireWithin(LIMIT, () -> partitions().stream().noneMatch(p -> p.leader() == 2));
        cluster.start(2);
        requireWithin(LIMIT, () -> partitions().stream().allMatch(p -> p.inSync().size() == 3));
        assertThat(partitions()).anyMatch(p -> p.leader() != p.replicas().getFirst());

        requireWithin(
                INTERVAL.plus(LIMIT),
                () -> partitions().stream().allMatch(p -> p.leader() == p.replicas().getFirst()));
    }

    private interface Condition {
        boolean holds();
    }

    private void requireWithin(Duration limit, Condition condition) {
        assertThat(cluster.runUntil(limit, condition::holds))
                .as("partitions %s", partitions())
                .isTrue();
    }

    private boolean brokersKnown(int count) {
        return cluster.brokers().stream().allMatch(b -> b.image().brokers().size() == count);
    }

    /** As broker 0 sees them. */
    private List<PartitionState> partitions() {
        return cluster.broker(0)
                .flatMap(broker -> broker.image().topic("orders"))
                .map(topic -> topic.partitions())
                .orElse(List.of());
    }

    private void createTopic() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName("orders")
                                .setNumPartitions(PARTITIONS)
                                .setReplicationFactor((short) 3));
        var created =
                cluster.broker(1)
                        .orElseThrow()
                        .membership()
                        .controller()
                        .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
        requireWithin(LIMIT, created::isDone);
    }
}
