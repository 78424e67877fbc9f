package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class InSyncDecisionsTest {

    private final Scenario cluster = Scenario.of(0, 1, 2);

    @BeforeEach
    void makeTopic() {
        cluster.topic("orders", 2, 0, 1, 2);
    }

    @Test
    void aMemberLeavesAndJoinsInANewPartitionEpochOfTheSameLeaderEpoch() {
        assertThat(cluster.proposes("orders", 0, 0, 2)).isEqualTo(Errors.NONE);
        PartitionState shrunk = partition();
        assertThat(shrunk.inSync()).containsExactly(0, 2);
        assertThat(shrunk.eligible()).isEmpty();
        assertThat(shrunk.leaderEpoch()).isZero();
        assertThat(shrunk.partitionEpoch()).isEqualTo(1);

        AlterPartitionResponseData joined =
                cluster.proposed(
                        0, cluster.epochOf(0), "orders", cluster.proposal("orders", 0, 2, 1, 0));

        var answer = joined.topics().getFirst().partitions().getFirst();
        assertThat(partition().inSync()).containsExactly(0, 1, 2);
        assertThat(answer.isr()).containsExactly(0, 1, 2);
        assertThat(answer.leaderId()).isZero();
        assertThat(answer.partitionEpoch()).isEqualTo(2);
    }

    @Test
    void whatIsCommittedAlreadyVoidsEarlierProposals() {
        PartitionState before = partition();
        var late = cluster.proposal("orders", 0, 0, 1);

        assertThat(cluster.proposes("orders", 0, 2, 1, 0)).isEqualTo(Errors.NONE);

        assertThat(partition()).isEqualTo(before.withNextPartitionEpoch());
        assertThat(cluster.proposes("orders", 0, late)).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    }

    @Test
    void whoLeavesAnIsrThatFallsBelowTheMinimumStaysEligible() {
        cluster.proposes("orders", 0, 0, 1);
        assertThat(partition().eligible()).isEmpty();

        cluster.proposes("orders", 0, 0);
        assertThat(partition().inSync()).containsExactly(0);
        assertThat(partition().eligible()).containsExactly(1);

        cluster.proposes("orders", 0, 0, 2);
        assertThat(partition().inSync()).containsExactly(0, 2);
        assertThat(partition().eligible()).isEmpty();
    }

    @Test
    void theMinimumIsNeverMoreThanThereAreReplicas() {
        cluster.topic("single", 2, 1);
        assertThat(cluster.proposes("single", 0, 1)).isEqualTo(Errors.NONE);
        cluster.topic("pair", 3, 1, 2);

        cluster.proposes("pair", 0, 1);
        assertThat(cluster.partition("pair", 0).eligible()).containsExactly(2);
        cluster.proposes("pair", 0, 1, 2);
        assertThat(cluster.partition("pair", 0).eligible()).isEmpty();
    }

    @Test
    void aProposalAboutAnotherStateDoesNotCount() {
        var proposal = cluster.proposal("orders", 0, 0, 1);
        cluster.proposes("orders", 0, 0, 2);
        assertThat(cluster.proposes("orders", 0, proposal))
                .isEqualTo(Errors.INVALID_UPDATE_VERSION);

        cluster.isFenced(0);
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(cluster.proposes("orders", 0, proposal)).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(partition().inSync()).containsExactly(2);
    }

    @Test
    void aProposalFromTheFutureIsForAnotherController() {
        assertThat(
                        cluster.proposes(
                                "orders",
                                0,
                                cluster.proposal("orders", 0, 0, 1).setPartitionEpoch(5)))
                .isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(
                        cluster.proposes(
                                "orders", 0, cluster.proposal("orders", 0, 0, 1).setLeaderEpoch(5)))
                .isEqualTo(Errors.NOT_CONTROLLER);
    }

    @Test
    void onlyTheLeaderProposesAndOnlyAnIsrThatItIsIn() {
        assertThat(
                        cluster.proposes(
                                1,
                                cluster.epochOf(1),
                                "orders",
                                cluster.proposal("orders", 0, 0, 1)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(cluster.proposes("orders", 0, 1)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(cluster.proposes("orders", 0)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(cluster.proposes("orders", 0, 0, 1, 1)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(cluster.proposes("orders", 0, 0, 7)).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aMemberWhoseDiskFailsMayLeaveAlone() {
        var withoutOne = cluster.proposal("orders", 0, 0, 2);
        assertThat(cluster.proposes(2, cluster.epochOf(2), "orders", withoutOne))
                .as("nobody throws another one out")
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(cluster.proposes(1, cluster.epochOf(1), "orders", withoutOne))
                .isEqualTo(Errors.NONE);
        assertThat(partition().inSync()).containsExactly(0, 2);
        assertThat(partition().leader()).isZero();

        assertThat(cluster.proposes("orders", 0, 2))
                .as("and a leader is succeeded by one of the others")
                .isEqualTo(Errors.NEW_LEADER_ELECTED);
        assertThat(partition().inSync()).containsExactly(2);
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().leaderEpoch()).isEqualTo(1);

        assertThat(cluster.proposes("orders", 0)).isEqualTo(Errors.INVALID_REQUEST);
        var withoutLast = cluster.proposal("orders", 0, 2);
        assertThat(cluster.proposes(0, cluster.epochOf(0), "orders", withoutLast))
                .as("who is not a member has nothing to leave")
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aBrokerOfAnEarlierEpochIsToldSo() {
        var proposal = cluster.proposal("orders", 0, 0, 1);

        assertThat(cluster.proposes(0, cluster.epochOf(0) - 1, "orders", proposal))
                .isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(cluster.proposes(9, 1, "orders", proposal)).isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    /** KIP-903: the follower that the leader saw catch up is not the one that runs now. */
    @Test
    void aFollowerThatRestartedSinceItCaughtUpIsIneligible() {
        cluster.proposes("orders", 0, 0, 1);
        var proposal = cluster.proposal("orders", 0, 0, 1, 2);
        cluster.starts(2, StopKind.MACHINE);

        assertThat(cluster.proposes("orders", 0, proposal)).isEqualTo(Errors.INELIGIBLE_REPLICA);
        assertThat(partition().inSync()).containsExactly(0, 1);
    }

    /** KIP-841. */
    @Test
    void whoIsFencedStoppingOrGoneIsIneligible() {
        cluster.isFenced(1);
        assertThat(cluster.proposes("orders", 0, 0, 1, 2)).isEqualTo(Errors.INELIGIBLE_REPLICA);
        cluster.stops(2);
        assertThat(cluster.proposes("orders", 0, 0, 2)).isEqualTo(Errors.INELIGIBLE_REPLICA);
        cluster.goes(2);
        assertThat(cluster.proposes("orders", 0, 0, 2)).isEqualTo(Errors.INELIGIBLE_REPLICA);
        assertThat(partition().inSync()).containsExactly(0);
    }

    @Test
    void aMemberOfUnknownEpochMayStayButNotJoin() {
        var shrink = cluster.proposal("orders", 0, 0, 1);
        shrink.newIsrWithEpochs().get(1).setBrokerEpoch(-1);
        assertThat(cluster.proposes("orders", 0, shrink)).isEqualTo(Errors.NONE);

        var grow = cluster.proposal("orders", 0, 0, 1, 2);
        grow.newIsrWithEpochs().get(2).setBrokerEpoch(-1);
        assertThat(cluster.proposes("orders", 0, grow)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    }

    @Test
    void eachPartitionIsAnsweredForItself() {
        Uuid unknown = Uuid.randomUuid();
        AlterPartitionRequestData request =
                new AlterPartitionRequestData()
                        .setBrokerId(0)
                        .setBrokerEpoch(cluster.epochOf(0))
                        .setTopics(
                                List.of(
                                        new AlterPartitionRequestData.TopicData()
                                                .setTopicId(unknown)
                                                .setPartitions(
                                                        List.of(cluster.proposal("orders", 0, 0))),
                                        new AlterPartitionRequestData.TopicData()
                                                .setTopicId(
                                                        cluster.image().topics().get("orders").id())
                                                .setPartitions(
                                                        List.of(
                                                                cluster.proposal("orders", 0, 0, 2),
                                                                cluster.proposal("orders", 0, 0, 1),
                                                                cluster.proposal("orders", 0, 0)
                                                                        .setPartitionIndex(3)))));

        var response =
                (AlterPartitionResponseData) cluster.ask(ApiKeys.ALTER_PARTITION, 3, request);

        assertThat(
                        response.topics().stream()
                                .flatMap(t -> t.partitions().stream())
                                .map(p -> Errors.forCode(p.errorCode())))
                .containsExactly(
                        Errors.UNKNOWN_TOPIC_ID,
                        Errors.NONE,
                        Errors.INVALID_REQUEST,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partition().inSync()).containsExactly(0, 2);
    }

    private PartitionState partition() {
        return cluster.partition("orders", 0);
    }
}
