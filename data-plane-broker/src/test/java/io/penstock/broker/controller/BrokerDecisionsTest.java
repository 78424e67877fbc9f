package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class BrokerDecisionsTest {

    private final Scenario cluster = Scenario.of(0, 1, 2);

    @Test
    void theFirstReplicaThatIsInSyncAndLivesTakesOver() {
        cluster.topic("orders", 1, 0, 1, 2);
        cluster.proposes("orders", 0, 0, 2);

        cluster.goes(0);

        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().lastLeader()).isEqualTo(2);
        assertThat(partition().inSync()).containsExactly(2);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
    }

    @Test
    void theLastMemberStaysInSyncWhileItIsAway() {
        cluster.topic("orders", 1, 0, 1, 2);
        cluster.proposes("orders", 0, 0);

        cluster.goes(0);

        assertThat(partition().hasLeader()).isFalse();
        assertThat(partition().lastLeader()).isZero();
        assertThat(partition().inSync()).containsExactly(0);

        cluster.starts(0, StopKind.PROCESS);

        assertThat(partition().leader()).isZero();
        assertThat(partition().leaderEpoch()).isEqualTo(2);
    }

    @Test
    void membersThatGoTogetherAreWaitedForTogether() {
        cluster.topic("orders", 2, 0, 1, 2);

        cluster.goes(0, 1, 2);
        assertThat(partition().inSync()).containsExactly(0, 1, 2);

        cluster.starts(2, StopKind.PROCESS);
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().inSync()).containsExactly(2);
        assertThat(partition().eligible()).containsExactly(0, 1);
    }

    @Test
    void anEligibleReplicaLeadsWhenNobodyInSyncLives() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(1);
        cluster.goes(0);
        assertThat(partition().inSync()).containsExactly(2);
        assertThat(partition().eligible()).containsExactly(0);

        cluster.starts(1, StopKind.CLEAN);
        cluster.goes(2);
        assertThat(partition().hasLeader()).isFalse();

        cluster.starts(0, StopKind.PROCESS);
        assertThat(partition().leader()).isZero();
        assertThat(partition().inSync()).containsExactly(0);
        assertThat(partition().eligible()).containsExactly(2);
    }

    @Test
    void whoseMachineStoppedLeavesBothSets() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(1);
        cluster.goes(0);

        cluster.starts(0, StopKind.MACHINE);

        assertThat(partition().eligible()).isEmpty();
        assertThat(partition().leader()).isEqualTo(2);

        cluster.starts(2, StopKind.MACHINE);

        assertThat(partition().inSync()).isEmpty();
        assertThat(partition().hasLeader()).isFalse();
        assertThat(partition().lastLeader()).isEqualTo(2);
    }

    /** I8: what counted was on its disk, if that is the same disk as before. */
    @Test
    void aLossOfPowerTakesNobodyOutOfASetWhoseTopicAsksForRecordsOnDisk() {
        cluster.topic(
                "orders",
                Map.of("min.insync.replicas", "2", "flush.messages", "1"),
                List.of(List.of(0, 1, 2)));
        cluster.topic("others", 2, 0, 1, 2);
        cluster.goes(1);
        cluster.goes(0);

        cluster.starts(0, StopKind.MACHINE);

        assertThat(partition().eligible()).containsExactly(0);
        assertThat(cluster.partition("others", 0).eligible()).isEmpty();
        cluster.starts(2, StopKind.MACHINE);
        assertThat(partition().inSync()).containsExactly(2);
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(cluster.partition("others", 0).hasLeader()).isFalse();

        cluster.starts(2, StopKind.MACHINE, BrokerRegistration.NO_EPOCH);

        assertThat(partition().inSync()).doesNotContain(2);
        assertThat(partition().leader()).isZero();
    }

    /** A volume that was restored from an old copy says of an older epoch that it ended well. */
    @Test
    void whoReturnsWithAnOlderPastIsTrustedWithNothing() {
        cluster.topic("orders", 2, 0, 1, 2);
        long old = cluster.epochOf(2);
        cluster.starts(2, StopKind.CLEAN);
        assertThat(partition().inSync()).containsExactly(0, 1, 2);

        cluster.goes(2);
        assertThat(partition().inSync()).containsExactly(0, 1);
        cluster.goes(0);
        cluster.goes(1);
        long past = cluster.image().departed().get(1).epoch();
        assertThat(partition().inSync()).containsExactly(1);
        assertThat(partition().eligible()).containsExactly(0);

        cluster.starts(0, StopKind.CLEAN, old);
        assertThat(partition().eligible()).isEmpty();
        assertThat(partition().hasLeader()).isFalse();

        cluster.starts(1, StopKind.PROCESS, past);
        assertThat(partition().leader()).isEqualTo(1);
    }

    /** Its registration came and went while there was no controller. */
    @Test
    void aProcessThatNobodySawDoesNotCostTheBrokerItsPlace() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(0, 1, 2);

        cluster.starts(2, unseen(StopKind.PROCESS), Scenario.stopOf(last(2), StopKind.PROCESS));

        assertThat(partition().leader()).isEqualTo(2);
    }

    @Test
    void aLossOfPowerBeforeAProcessThatNobodySawIsNotForgotten() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(0, 1, 2);

        cluster.starts(2, unseen(StopKind.PROCESS), Scenario.stopOf(last(2), StopKind.MACHINE));

        assertThat(partition().inSync()).doesNotContain(2);
        assertThat(partition().hasLeader()).isFalse();
    }

    private static PreviousStop unseen(StopKind kind) {
        return new PreviousStop(BrokerRegistration.NO_EPOCH, new Uuid(3, 3), kind);
    }

    private long last(int broker) {
        return cluster.image().lastRegistration(broker).orElseThrow().epoch();
    }

    /** It was killed before it could write down in which epoch it is registered. */
    @Test
    void aProcessIsKnownByItsIncarnationToo() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(0, 1, 2);
        Uuid process = cluster.image().lastRegistration(2).orElseThrow().incarnation();

        cluster.starts(2, new PreviousStop(BrokerRegistration.NO_EPOCH, process, StopKind.PROCESS));

        assertThat(partition().leader()).isEqualTo(2);
    }

    @Test
    void aProcessThatRegistersAnewHasLostNothingWhateverItBelievesOfItsPast() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.goes(0, 1);
        cluster.goes(2);

        cluster.registersAnew(2, BrokerRegistration.NO_EPOCH);

        assertThat(partition().leader()).isEqualTo(2);
    }

    @Test
    void aMachineThatRestartsUnseenHandsItsLeadershipOn() {
        cluster.topic("orders", 2, 0, 1, 2);

        cluster.starts(0, StopKind.MACHINE);

        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().inSync()).containsExactly(1, 2);
        assertThat(partition().eligible()).isEmpty();
    }

    @Test
    void aSingleReplicaIsTrustedHoweverItStopped() {
        cluster.topic("orders", 2, 1);

        cluster.goes(1);
        cluster.starts(1, StopKind.MACHINE);

        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().inSync()).containsExactly(1);
    }

    @Test
    void aProcessThatRestartsUnseenKeepsItsPlaceInANewLeaderEpoch() {
        cluster.topic("orders", 2, 0, 1, 2);

        cluster.starts(0, StopKind.PROCESS);

        assertThat(partition().leader()).isZero();
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(partition().inSync()).containsExactly(0, 1, 2);
    }

    @Test
    void aFencedBrokerLosesAllAtOnceAndReturnsWithItsNextRegistrationOnly() {
        cluster.topic("orders", 2, 0, 1, 2);

        cluster.isFenced(0);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().inSync()).containsExactly(1, 2);

        cluster.looksAgain();
        assertThat(cluster.image().brokers().get(0).fenced()).isTrue();

        cluster.starts(0, StopKind.PROCESS);
        assertThat(cluster.image().brokers().get(0).fenced()).isFalse();
        assertThat(cluster.proposes("orders", 0, 0, 1, 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void aFenceOfAnotherEpochMeansNobody() {
        cluster.topic("orders", 2, 0, 1, 2);
        long old = cluster.epochOf(0);
        cluster.starts(0, StopKind.CLEAN);

        assertThat(cluster.decide(new ControllerEvent.BrokerFenced(0, old))).isEmpty();
        assertThat(cluster.decide(new ControllerEvent.BrokerFenced(7, 1))).isEmpty();
    }

    @Test
    void aStoppingBrokerHandsOverAndLeavesTheIsrUnlessItIsTheLast() {
        cluster.topic("shared", 1, 0, 1, 2);
        cluster.topic("own", 1, 0);

        cluster.stops(0);

        assertThat(cluster.partition("shared", 0).leader()).isEqualTo(1);
        assertThat(cluster.partition("shared", 0).inSync()).containsExactly(1, 2);
        assertThat(cluster.partition("own", 0).hasLeader()).isFalse();
        assertThat(cluster.partition("own", 0).inSync()).containsExactly(0);
        assertThat(cluster.proposes("shared", 0, 0, 1, 2)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    }

    @Test
    void uncleanElectionIsOnlyForTopicsThatAllowItAndPrefersTheLastLeader() {
        Map<String, String> unclean = Map.of(ElectionRules.UNCLEAN_ELECTION, "true");
        cluster.topic("safe", Map.of(), List.of(List.of(0, 1, 2)));
        cluster.topic("lossy", unclean, List.of(List.of(0, 1, 2)));
        cluster.goes(1, 2);

        cluster.goes(0);
        cluster.starts(2, StopKind.CLEAN);
        assertThat(cluster.partition("safe", 0).hasLeader()).isFalse();
        assertThat(cluster.partition("lossy", 0).leader()).isEqualTo(2);
        assertThat(cluster.partition("lossy", 0).inSync()).containsExactly(2);
        assertThat(cluster.partition("lossy", 0).eligible()).isEmpty();

        cluster.goes(2);
        cluster.starts(1, StopKind.CLEAN);
        cluster.goes(1);
        cluster.starts(0, StopKind.MACHINE);
        assertThat(cluster.partition("safe", 0).hasLeader()).isFalse();
        assertThat(cluster.partition("lossy", 0).leader()).isZero();
    }

    @Test
    void amongReplicasThatMayAllMissRecordsTheLastLeaderIsChosen() {
        PartitionState state =
                new PartitionState(
                        List.of(0, 1, 2), List.of(), List.of(), List.of(), List.of(), -1, 4, 9, 2);

        assertThat(PartitionStep.of(state, new ElectionRules(id -> true, 1, true)).next())
                .get()
                .returns(2, PartitionState::leader)
                .returns(List.of(2), PartitionState::inSync);
        assertThat(PartitionStep.of(state, new ElectionRules(id -> id != 2, 1, true)).next())
                .get()
                .returns(0, PartitionState::leader);
        assertThat(PartitionStep.of(state, new ElectionRules(id -> true, 1, false)).next())
                .isEmpty();
    }

    @Test
    void allowingUncleanElectionElectsAtOnce() {
        cluster.topic("orders", 1, 0, 1, 2);
        cluster.proposes("orders", 0, 0);
        cluster.goes(0);

        cluster.setConfig(
                ConfigResource.Type.TOPIC, "orders", ElectionRules.UNCLEAN_ELECTION, "true");

        assertThat(partition().leader()).isEqualTo(1);
    }

    /** A leader whose ISR is at the lowered minimum may move its high watermark past the others. */
    @Test
    void aLoweredMinimumEndsTheEligibilityThatTheOldOneGave() {
        cluster.topic("orders", 2, 0, 1, 2);
        cluster.proposes("orders", 0, 0);
        assertThat(partition().eligible()).containsExactly(1, 2);

        cluster.setConfig(ConfigResource.Type.TOPIC, "orders", ElectionRules.MIN_IN_SYNC, "1");

        assertThat(partition().eligible()).isEmpty();
        assertThat(partition().leaderEpoch()).isZero();
    }

    @Test
    void theClustersMinimumIsTheTopicsWhereItSetsNone() {
        cluster.topic("orders", Map.of(), List.of(List.of(0, 1, 2)));
        cluster.setConfig(ConfigResource.Type.BROKER, "", ElectionRules.MIN_IN_SYNC, "3");
        cluster.proposes("orders", 0, 0, 1);
        assertThat(partition().eligible()).containsExactly(2);

        cluster.setConfig(ConfigResource.Type.BROKER, "", ElectionRules.MIN_IN_SYNC, "2");

        assertThat(partition().eligible()).isEmpty();
    }

    private PartitionState partition() {
        return cluster.partition("orders", 0);
    }
}
