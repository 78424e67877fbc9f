package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;

/**
 * Processes that die, freeze and stop under load. Each test hurts a cluster of its own several
 * times, and then asks what its clients saw.
 */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {
    private static final Duration ABSENCE_OF_ZOOKEEPER =
            Boolean.getBoolean("penstock.faults.long")
                    ? Duration.ofMinutes(5)
                    : Duration.ofSeconds(20);

    @Test
    void aKilledLeaderIsReplaced() throws Exception {
        Faults.strike("kill -9 of a leader", BrokerFaults::killLeader);
    }

    @Test
    void aKilledFollowerIsNotMissed() throws Exception {
        Faults.strike("kill -9 of a follower", BrokerFaults::killFollower);
    }

    @Test
    void aKilledControllerIsReplaced() throws Exception {
        Faults.strike("kill -9 of the controller", BrokerFaults::killController);
    }

    @Test
    void allBrokersKilledAtOnceComeBack() throws Exception {
        Faults.strike("kill -9 of all brokers", BrokerFaults::killAll);
    }

    @Test
    void theOnlyBrokerComesBack() throws Exception {
        Faults.strike(
                "kill -9 of the only broker", ClusterPlan.ofOneBroker(), BrokerFaults::killAll);
    }

    @Test
    void aFrozenLeaderWakesAsAZombieAndHarmsNothing() throws Exception {
        Faults.strike("leader frozen beyond its session", BrokerFaults::freezeLeader);
    }

    @Test
    void aControlledStopShowsNoErrorToClients() throws Exception {
        var row = Faults.strike("controlled stop of a leader", BrokerFaults::stopLeader);

        assertThat(row.failed()).as("failed sends").isZero();
    }

    @Test
    void aRollingRestartShowsNoErrorToClients() throws Exception {
        var row = Faults.strike("rolling restart", BrokerFaults::rollingRestart);

        assertThat(row.failed()).as("failed sends").isZero();
    }

    @Test
    void oneOfThreeZooKeeperServersMayDie() throws Exception {
        var row =
                Faults.strike(
                        "kill -9 of one of three ZooKeepers",
                        ClusterPlan.ofThreeBrokers().withZooKeepers(3),
                        ZooKeeperFaults::killOne);

        assertThat(row.failed()).as("failed sends").isZero();
    }

    @Test
    void theWholeOfZooKeeperMayBeAway() throws Exception {
        var row =
                Faults.strike(
                        "all ZooKeepers away for " + ABSENCE_OF_ZOOKEEPER.toSeconds() + " s",
                        ClusterPlan.ofThreeBrokers().withZooKeepers(3),
                        ZooKeeperFaults.killAllFor(ABSENCE_OF_ZOOKEEPER));

        assertThat(row.failed()).as("failed sends").isZero();
    }

    @Test
    void aFollowerWithDamagedTailsIsMendedByTheLeaders() throws Exception {
        Faults.strike("damaged segment tails", DiskFaults::damagedTails);
    }
}
