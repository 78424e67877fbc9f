package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class ReassignmentDecisionsTest {

    private final Scenario cluster = Scenario.of(0, 1, 2, 3, 4);

    @BeforeEach
    void makeTopic() {
        cluster.topic("orders", 2, 0, 1, 2);
    }

    @Test
    void allReplicasStayUntilTheWholeTargetIsInSync() {
        assertThat(reassign(3, 4, 1)).isEqualTo(Errors.NONE);
        PartitionState begun = partition();
        assertThat(begun.replicas()).containsExactly(3, 4, 1, 0, 2);
        assertThat(begun.adding()).containsExactly(3, 4);
        assertThat(begun.removing()).containsExactly(0, 2);
        assertThat(begun.leader()).isZero();
        assertThat(begun.leaderEpoch()).isEqualTo(1);
        assertThat(begun.inSync()).containsExactlyInAnyOrder(0, 1, 2);

        assertThat(cluster.proposes("orders", 0, 0, 1, 2, 3)).isEqualTo(Errors.NONE);
        assertThat(partition().isReassigning()).isTrue();

        assertThat(cluster.proposes("orders", 0, 0, 1, 2, 3, 4))
                .isEqualTo(Errors.NEW_LEADER_ELECTED);
        PartitionState done = partition();
        assertThat(done.replicas()).containsExactly(3, 4, 1);
        assertThat(done.inSync()).containsExactly(3, 4, 1);
        assertThat(done.isReassigning()).isFalse();
        assertThat(done.leader()).isEqualTo(3);
        assertThat(done.leaderEpoch()).isEqualTo(2);
    }

    @Test
    void aLeaderThatStaysLeadsOnInANewEpoch() {
        reassign(0, 3);

        assertThat(cluster.proposes("orders", 0, 0, 1, 2, 3)).isEqualTo(Errors.NEW_LEADER_ELECTED);

        assertThat(partition().replicas()).containsExactly(0, 3);
        assertThat(partition().leader()).isZero();
        assertThat(partition().leaderEpoch()).isEqualTo(2);
    }

    @Test
    void fewerReplicasAreLeftAtOnce() {
        assertThat(reassign(1)).isEqualTo(Errors.NONE);

        assertThat(partition().replicas()).containsExactly(1);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(partition().isReassigning()).isFalse();
    }

    @Test
    void anotherOrderIsAnotherPreferenceOnly() {
        assertThat(reassign(2, 1, 0)).isEqualTo(Errors.NONE);

        assertThat(partition().replicas()).containsExactly(2, 1, 0);
        assertThat(partition().leader()).isZero();
        assertThat(partition().leaderEpoch()).isZero();
    }

    @Test
    void aCancelledReassignmentLeavesTheFormerReplicas() {
        reassign(3, 4, 1);
        cluster.proposes("orders", 0, 0, 1, 2, 3);

        assertThat(reassign((Integer[]) null)).isEqualTo(Errors.NONE);

        assertThat(partition().replicas()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(partition().inSync()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(partition().isReassigning()).isFalse();
        assertThat(partition().leader()).isZero();
        assertThat(reassign((Integer[]) null)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void aCancellationNeverLeavesOnlyReplicasThatMissRecords() {
        reassign(3, 4);
        cluster.proposes("orders", 0, 0, 1, 2, 3);
        cluster.goes(0, 1, 2);
        assertThat(partition().leader()).isEqualTo(3);
        PartitionState before = partition();

        assertThat(reassign((Integer[]) null)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(partition()).isEqualTo(before);
    }

    @Test
    void neitherACancellationNorAnotherTargetLeavesAcknowledgedRecordsToTooFew() {
        reassign(3, 4);
        cluster.proposes("orders", 0, 0, 1, 2, 3);
        cluster.goes(0, 1);
        assertThat(partition().inSync()).containsExactlyInAnyOrder(2, 3);
        PartitionState before = partition();

        assertThat(reassign((Integer[]) null)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(2, 4)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(partition()).isEqualTo(before);
        assertThat(reassign(3, 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void anotherTargetReplacesTheFirstOne() {
        reassign(3, 4, 1);
        cluster.proposes("orders", 0, 0, 1, 2, 3);

        assertThat(reassign(0, 4)).isEqualTo(Errors.NONE);

        assertThat(partition().replicas()).containsExactlyInAnyOrder(0, 4, 1, 2);
        assertThat(partition().adding()).containsExactly(4);
        assertThat(partition().removing()).containsExactlyInAnyOrder(1, 2);
        assertThat(partition().inSync()).containsExactlyInAnyOrder(0, 1, 2);

        cluster.proposes("orders", 0, 0, 1, 2, 4);
        assertThat(partition().replicas()).containsExactly(0, 4);
    }

    @Test
    void theSameTargetAgainChangesNothing() {
        reassign(3, 4, 1);
        PartitionState before = partition();

        assertThat(reassign(3, 4, 1)).isEqualTo(Errors.NONE);

        assertThat(partition()).isEqualTo(before);
    }

    @Test
    void itGoesOnWhenTheLeaderIsLost() {
        reassign(3, 4, 1);

        cluster.isFenced(0);
        assertThat(partition().leader()).isEqualTo(1);
        cluster.proposes("orders", 0, 1, 2, 3, 4);

        assertThat(partition().replicas()).containsExactly(3, 4, 1);
        assertThat(partition().inSync()).containsExactly(3, 4, 1);
        assertThat(partition().leader()).isEqualTo(1);
    }

    @Test
    void theFirstReplicaOfAGrowingPartitionIsStillTrusted() {
        cluster.topic("single", 1, 0);
        reassign("single", 3, 0);

        cluster.starts(0, StopKind.MACHINE);

        assertThat(cluster.partition("single", 0).leader()).isZero();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(reassign()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(3, 3)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(0, 9)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        cluster.isFenced(4);
        assertThat(reassign(0, 4)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign("unknown", 0)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partition().isReassigning()).isFalse();
    }

    @Test
    void theFactorChangesOnlyWhereThatIsAllowed() {
        var request = request("orders", List.of(3, 4)).setAllowReplicationFactorChange(false);
        assertThat(error(request)).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);

        var sameFactor = request("orders", List.of(3, 4, 0)).setAllowReplicationFactorChange(false);
        assertThat(error(sameFactor)).isEqualTo(Errors.NONE);
    }

    @Test
    void whatIsUnderWayIsListed() {
        cluster.topic("idle", 1, 0);
        reassign(3, 4, 1);

        var all = list(new ListPartitionReassignmentsRequestData().setTopics(null));
        assertThat(all.topics()).hasSize(1);
        var ongoing = all.topics().getFirst().partitions().getFirst();
        assertThat(ongoing.replicas()).containsExactly(3, 4, 1, 0, 2);
        assertThat(ongoing.addingReplicas()).containsExactly(3, 4);
        assertThat(ongoing.removingReplicas()).containsExactly(0, 2);

        var named =
                new ListPartitionReassignmentsRequestData()
                        .setTopics(
                                List.of(
                                        new ListPartitionReassignmentsTopics()
                                                .setName("idle")
                                                .setPartitionIndexes(List.of(0, 7))));
        assertThat(list(named).topics()).isEmpty();
    }

    @Test
    void partitionsAreNotAddedMeanwhile() {
        reassign(3, 4, 1);
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics()
                .add(
                        new CreatePartitionsTopic()
                                .setName("orders")
                                .setCount(2)
                                .setAssignments(null));

        var response =
                (CreatePartitionsResponseData) cluster.ask(ApiKeys.CREATE_PARTITIONS, 3, request);

        assertThat(response.results().getFirst().errorCode())
                .isEqualTo(Errors.REASSIGNMENT_IN_PROGRESS.code());
    }

    /** ZooKeeper takes 1 MiB in one node. */
    @Test
    void aTopicsNodeNeverOutgrowsItsLimit() {
        List<Integer> brokers = IntStream.range(0, 60).boxed().toList();
        Scenario large = Scenario.of(brokers.stream().mapToInt(Integer::intValue).toArray());
        List<List<Integer>> replicas = Collections.nCopies(4_000, brokers.subList(0, 59));
        large.topic("wide", Map.of(), replicas);

        assertThat(errorOf(large, request("wide", brokers.subList(1, 60)))).isEqualTo(Errors.NONE);
        ReassignableTopic topic = new ReassignableTopic().setName("wide");
        for (int i = 1; i < 4_000; i++) {
            topic.partitions()
                    .add(new ReassignablePartition().setPartitionIndex(i).setReplicas(List.of(59)));
        }
        var all = new AlterPartitionReassignmentsRequestData().setTopics(List.of(topic));

        assertThat(errorOf(large, all)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);

        assertThat(TopicJson.encode(large.image().topics().get("wide"), TopicJson.Stage.ACTIVE))
                .hasSizeLessThan(1 << 20);
    }

    private PartitionState partition() {
        return cluster.partition("orders", 0);
    }

    private Errors reassign(Integer... target) {
        return reassign("orders", target);
    }

    private Errors reassign(String topic, Integer... target) {
        return error(request(topic, target == null ? null : List.of(target)));
    }

    private static AlterPartitionReassignmentsRequestData request(
            String topic, List<Integer> target) {
        return new AlterPartitionReassignmentsRequestData()
                .setTopics(
                        List.of(
                                new ReassignableTopic()
                                        .setName(topic)
                                        .setPartitions(
                                                List.of(
                                                        new ReassignablePartition()
                                                                .setPartitionIndex(0)
                                                                .setReplicas(target)))));
    }

    private Errors error(AlterPartitionReassignmentsRequestData request) {
        return errorOf(cluster, request);
    }

    private static Errors errorOf(Scenario asked, AlterPartitionReassignmentsRequestData request) {
        var response =
                (AlterPartitionReassignmentsResponseData)
                        asked.ask(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 1, request);
        return Errors.forCode(response.responses().getFirst().partitions().getFirst().errorCode());
    }

    private ListPartitionReassignmentsResponseData list(
            ListPartitionReassignmentsRequestData request) {
        return (ListPartitionReassignmentsResponseData)
                cluster.ask(ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, request);
    }
}
