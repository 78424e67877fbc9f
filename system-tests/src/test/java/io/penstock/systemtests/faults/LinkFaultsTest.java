package io.penstock.systemtests.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;

/** Links that lose everything, so that nobody ever sees a reset. Needs network namespaces. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class LinkFaultsTest {
    private static final ClusterPlan PLAN = ClusterPlan.ofThreeBrokers().withNamespaces();

    @BeforeEach
    void needNamespaces() throws IOException, InterruptedException {
        var obstacle = NamespaceNetwork.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
    }

    @Test
    void twoBrokersMayLoseEachOther() throws Exception {
        Faults.strike("cut between two brokers", PLAN, LinkFaults::betweenBrokers);
    }

    @Test
    void aBrokerMayLoseTheController() throws Exception {
        Faults.strike(
                "cut between broker and controller", PLAN, LinkFaults::betweenBrokerAndController);
    }

    @Test
    void aBrokerMayHearNothingOfAnother() throws Exception {
        Faults.strike("one-way cut between two brokers", PLAN, LinkFaults::oneWayBetweenBrokers);
    }

    @Test
    void aLeaderMayLoseZooKeeper() throws Exception {
        Faults.strike(
                "cut between leader and ZooKeeper", PLAN, LinkFaults::betweenBrokerAndZooKeeper);
    }

    @Test
    void aControllerMayLoseZooKeeper() throws Exception {
        Faults.strike(
                "cut between controller and ZooKeeper",
                PLAN,
                LinkFaults::betweenControllerAndZooKeeper);
    }

    @Test
    void aLeadersHeartbeatsMayBeLost() throws Exception {
        Faults.strike(
                "one-way cut leader to ZooKeeper", PLAN, LinkFaults::oneWayFromBrokerToZooKeeper);
    }

    @Test
    void aLeaderMayBeCutOffFromEverybody() throws Exception {
        Faults.strike("leader cut off from everybody", PLAN, LinkFaults::isolatedLeader);
    }

    @Test
    void aBrokerMayBeMuteTowardsTheOthers() throws Exception {
        Faults.strike("broker mute towards the others", PLAN, LinkFaults::muteTowardsBrokers);
    }
}
