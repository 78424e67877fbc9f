package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.testing.QuietLog;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A broker starts while there is no controller and is killed on its way: before it registers, after
 * that, when it has become the controller itself, and at every step between. What its next process
 * says of the past must be believed, and be true.
 */
@ExtendWith(QuietLog.class)
class UnseenProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SIZE = 3;
    private static final int BROKER = 1;

    /** More than a start takes. */
    private static final int MOST_STEPS = 3_000;

    private final SimulatedCluster cluster = new SimulatedCluster(7, SIZE, Mutation.NONE);

    @BeforeEach
    void form() {
        for (int id = 0; id < SIZE; id++) {
            cluster.start(id);
        }
        requireWithin("formed", () -> knownTo(BROKER) == SIZE);
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        CreatableTopic topic =
                new CreatableTopic()
                        .setName("orders")
                        .setNumPartitions(1)
                        .setReplicationFactor((short) SIZE);
        topic.configs()
                .add(new CreatableTopicConfig().setName("min.insync.replicas").setValue("2"));
        request.topics().add(topic);
        cluster.broker(BROKER)
                .orElseThrow()
                .membership()
                .controller()
                .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
        requireWithin("whole", this::isWhole);
    }

    @Test
    void whoWasOnlyKilledKeepsItsPlace() {
        killOthers();
        boolean wasThrough = false;
        for (int steps = 0; !wasThrough; steps++) {
            cluster.kill(BROKER);
            wasThrough = startAndKillAfter(steps);
            cluster.start(BROKER);

            requireWithin("killed after %d steps it leads".formatted(steps), this::leads);
        }
    }

    @Test
    void whoLostPowerBeforeIsTrustedWithNothing() {
        boolean wasThrough = false;
        for (int steps = 0; !wasThrough; steps += 17) {
            killOthers();
            cluster.losePower(BROKER);
            wasThrough = startAndKillAfter(steps);
            cluster.start(BROKER);

            requireWithin("killed after %d steps it is back".formatted(steps), this::showsItself);
            PartitionState state = partition().orElseThrow();
            assertThat(state.inSync()).as("after %d steps", steps).doesNotContain(BROKER);
            assertThat(state.leader()).as("after %d steps", steps).isNotEqualTo(BROKER);

            for (int id = 0; id < SIZE; id++) {
                cluster.start(id);
            }
            requireWithin("whole again", this::isWhole);
        }
    }

    /**
     * @return whether the process came so far that it showed itself
     */
    private boolean startAndKillAfter(int steps) {
        assertThat(steps).as("steps of a start").isLessThan(MOST_STEPS);
        cluster.start(BROKER);
        for (int step = 0; step < steps; step++) {
            cluster.step();
        }
        boolean through = showsItself();
        cluster.kill(BROKER);
        return through;
    }

    private void killOthers() {
        for (int id = 0; id < SIZE; id++) {
            if (id != BROKER) {
                cluster.kill(id);
            }
        }
    }

    private boolean leads() {
        return showsItself() && partition().filter(p -> p.leader() == BROKER).isPresent();
    }

    /** Its image has the controller's decision about this very process. */
    private boolean showsItself() {
        return cluster.broker(BROKER)
                .filter(
                        broker -> {
                            var own = broker.image().brokers().get(BROKER);
                            return own != null && own.epoch() == broker.membership().brokerEpoch();
                        })
                .isPresent();
    }

    private boolean isWhole() {
        return knownTo(BROKER) == SIZE
                && partition().filter(p -> p.inSync().size() == SIZE && p.hasLeader()).isPresent();
    }

    private int knownTo(int id) {
        return cluster.broker(id).map(broker -> broker.image().brokers().size()).orElse(0);
    }

    private Optional<PartitionState> partition() {
        return cluster.broker(BROKER)
                .flatMap(broker -> broker.image().topic("orders"))
                .map(topic -> topic.partitions())
                .map(List::getFirst);
    }

    private void requireWithin(String what, BooleanSupplier condition) {
        assertThat(cluster.runUntil(LIMIT, condition)).as("%s: %s", what, partition()).isTrue();
    }
}
