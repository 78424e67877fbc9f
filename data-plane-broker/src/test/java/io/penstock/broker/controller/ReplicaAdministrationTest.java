package io.penstock.broker.controller;

import static io.penstock.broker.controller.ThreeNodes.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.metadata.PartitionState;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An unchanged Kafka admin client moves replicas and leaders of three brokers; what their leaders
 * would propose is proposed here, on the way that they use.
 */
@Timeout(120)
class ReplicaAdministrationTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final long LIMIT_MILLIS = 30_000;

    @TempDir Path directory;
    private ThreeNodes nodes;
    private Admin admin;

    @BeforeEach
    void startNodes() throws Exception {
        nodes = ThreeNodes.start(directory);
        admin = nodes.admin();
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    @Test
    void replicasMoveToAnotherBroker() throws Exception {
        create(List.of(0));
        reassign(Optional.of(List.of(2)));

        var ongoing = get(admin.listPartitionReassignments().reassignments()).get(PARTITION);
        assertThat(ongoing.replicas()).containsExactly(2, 0);
        assertThat(ongoing.addingReplicas()).containsExactly(2);
        assertThat(ongoing.removingReplicas()).containsExactly(0);
        assertThat(described().leader().id()).isZero();

        assertThat(propose(0, 0, 2)).isEqualTo(Errors.NEW_LEADER_ELECTED);

        assertThat(get(admin.listPartitionReassignments().reassignments())).isEmpty();
        assertThat(described().leader().id()).isEqualTo(2);
        assertThat(ids(described().replicas())).containsExactly(2);
        assertThat(ids(described().isr())).containsExactly(2);
    }

    @Test
    void aMoveIsCancelledAndWhatCannotBeIsExplained() throws Exception {
        create(List.of(0, 1));
        assertThatThrownBy(() -> reassign(Optional.empty()))
                .hasCauseInstanceOf(NoReassignmentInProgressException.class);
        assertThatThrownBy(() -> reassign(Optional.of(List.of(0, 7))))
                .hasCauseInstanceOf(InvalidReplicaAssignmentException.class)
                .hasMessageContaining("broker 7");

        reassign(Optional.of(List.of(2, 1)));
        reassign(Optional.empty());

        assertThat(get(admin.listPartitionReassignments().reassignments())).isEmpty();
        assertThat(ids(described().replicas())).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aRestartedBrokerLeadsAgainWhenItIsPreferred() throws Exception {
        create(List.of(2, 0, 1));
        assertThatThrownBy(this::electPreferred)
                .hasCauseInstanceOf(ElectionNotNeededException.class);

        nodes.node(2).stop();
        await().atMost(Duration.ofMillis(LIMIT_MILLIS))
                .untilAsserted(() -> assertThat(described().leader().id()).isZero());
        assertThat(ids(described().isr())).containsExactlyInAnyOrder(0, 1);
        nodes.startAgain(2);

        assertThat(propose(0, 0, 1, 2)).isEqualTo(Errors.NONE);
        electPreferred();

        assertThat(described().leader().id()).isEqualTo(2);
        assertThat(ids(described().isr())).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void whoIsEligibleAndWhoLedLastIsDescribed() throws Exception {
        NewTopic topic =
                new NewTopic("orders", Map.of(0, List.of(0, 1, 2)))
                        .configs(Map.of("min.insync.replicas", "2"));
        get(admin.createTopics(List.of(topic)).all());

        assertThat(propose(0, 0)).isEqualTo(Errors.NONE);

        assertThat(ids(described().isr())).containsExactly(0);
        assertThat(ids(described().elr())).containsExactlyInAnyOrder(1, 2);
        assertThat(described().lastKnownElr()).isEmpty();
    }

    private void create(List<Integer> replicas) throws Exception {
        get(admin.createTopics(List.of(new NewTopic("orders", Map.of(0, replicas)))).all());
    }

    private void reassign(Optional<List<Integer>> target) throws Exception {
        get(
                admin.alterPartitionReassignments(
                                Map.of(PARTITION, target.map(NewPartitionReassignment::new)))
                        .all());
    }

    private void electPreferred() throws Exception {
        get(admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION)).all());
    }

    private TopicPartitionInfo described() throws Exception {
        return get(admin.describeTopics(List.of("orders")).allTopicNames())
                .get("orders")
                .partitions()
                .getFirst();
    }

    private static List<Integer> ids(List<Node> brokers) {
        return brokers.stream().map(Node::id).toList();
    }

    private Errors propose(int leader, Integer... members) throws Exception {
        TestNode node = nodes.node(leader);
        node.membership().whenUpToDate(LIMIT_MILLIS).get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        var image = node.image();
        PartitionState state = image.partition("orders", 0).orElseThrow();
        List<BrokerState> isr = new ArrayList<>();
        for (int id : members) {
            isr.add(
                    new BrokerState()
                            .setBrokerId(id)
                            .setBrokerEpoch(image.brokers().get(id).epoch()));
        }
        var proposal =
                new AlterPartitionRequestData.PartitionData()
                        .setPartitionIndex(0)
                        .setLeaderEpoch(state.leaderEpoch())
                        .setPartitionEpoch(state.partitionEpoch())
                        .setNewIsrWithEpochs(isr);
        AlterPartitionRequestData request =
                new AlterPartitionRequestData()
                        .setBrokerId(leader)
                        .setBrokerEpoch(image.brokers().get(leader).epoch())
                        .setTopics(
                                List.of(
                                        new AlterPartitionRequestData.TopicData()
                                                .setTopicId(image.topics().get("orders").id())
                                                .setPartitions(List.of(proposal))));
        var response =
                (AlterPartitionResponseData)
                        node.membership()
                                .controller()
                                .submit(ApiKeys.ALTER_PARTITION, (short) 3, request, LIMIT_MILLIS)
                                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(response.errorCode()).isEqualTo(Errors.NONE.code());
        return Errors.forCode(response.topics().getFirst().partitions().getFirst().errorCode());
    }
}
