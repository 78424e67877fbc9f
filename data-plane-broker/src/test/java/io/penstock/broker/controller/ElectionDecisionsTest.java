package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class ElectionDecisionsTest {

    private final Scenario cluster = Scenario.of(0, 1, 2);

    @Test
    void thePreferredReplicaLeadsAgainOnceItIsInSync() {
        cluster.topic("orders", 1, 0, 1, 2);
        assertThat(elect(ElectionType.PREFERRED)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        cluster.isFenced(0);
        cluster.starts(0, StopKind.PROCESS);
        assertThat(elect(ElectionType.PREFERRED)).isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        cluster.proposes("orders", 0, 0, 1, 2);

        assertThat(elect(ElectionType.PREFERRED)).isEqualTo(Errors.NONE);

        assertThat(cluster.partition("orders", 0).leader()).isZero();
        assertThat(cluster.partition("orders", 0).leaderEpoch()).isEqualTo(2);
        assertThat(cluster.partition("orders", 0).inSync()).containsExactly(0, 1, 2);
    }

    @Test
    void anOperatorMayTakeAReplicaThatMissesRecordsButOnlyWhenThereIsNoLeader() {
        cluster.topic("orders", 1, 0, 1, 2);
        cluster.proposes("orders", 0, 0);
        assertThat(elect(ElectionType.UNCLEAN)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        cluster.goes(0);

        assertThat(elect(ElectionType.UNCLEAN)).isEqualTo(Errors.NONE);
        assertThat(cluster.partition("orders", 0).leader()).isEqualTo(1);
        assertThat(cluster.partition("orders", 0).inSync()).containsExactly(1);

        cluster.goes(1, 2);
        assertThat(elect(ElectionType.UNCLEAN)).isEqualTo(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    @Test
    void anElectionEverywhereTellsOnlyOfWhatItConcerned() {
        cluster.topic("orders", 1, 0, 1, 2);
        cluster.topic("others", 1, 1, 2);
        cluster.isFenced(1);
        cluster.starts(1, StopKind.PROCESS);
        cluster.proposes("others", 0, 1, 2);

        ElectLeadersResponseData response = elect(new ElectLeadersRequestData());

        assertThat(response.replicaElectionResults()).hasSize(1);
        assertThat(response.replicaElectionResults().getFirst().topic()).isEqualTo("others");
        assertThat(cluster.partition("others", 0).leader()).isEqualTo(1);
    }

    @Test
    void whatDoesNotExistIsNotElected() {
        cluster.topic("orders", 1, 0);

        assertThat(error(elect(request(ElectionType.PREFERRED, "orders", 1))))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(elect(new ElectLeadersRequestData().setElectionType((byte) 7)).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void leadersGoBackByThemselvesWhereTooManyAreElsewhere() {
        cluster.topic("orders", Map.of(), List.of(List.of(0, 1), List.of(0, 1), List.of(1, 0)));
        cluster.isFenced(0);
        cluster.starts(0, StopKind.PROCESS);
        cluster.decide(new ControllerEvent.PreferredElectionDue());
        assertThat(cluster.partition("orders", 0).leader()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            cluster.proposes("orders", i, 0, 1);
        }

        cluster.decide(new ControllerEvent.PreferredElectionDue());

        assertThat(cluster.partition("orders", 0).leader()).isZero();
        assertThat(cluster.partition("orders", 1).leader()).isZero();
        assertThat(cluster.partition("orders", 2).leader()).isEqualTo(1);
    }

    @Test
    void aSmallImbalanceIsTolerated() {
        PreferredElections elections = PreferredElections.of(Map.of());

        assertThat(elections.isDue(1, 10)).isFalse();
        assertThat(elections.isDue(2, 10)).isTrue();
        assertThat(elections.interval()).contains(Duration.ofSeconds(300));
    }

    @Test
    void thatCanBeTurnedOff() {
        var properties = new HashMap<String, String>();
        properties.put("auto.leader.rebalance.enable", "false");

        assertThat(
                        new ControllerCore(properties, new Random(1), Uuid::randomUuid)
                                .preferredElectionInterval())
                .isEmpty();
    }

    /** The leader's and the controller's minimum must never differ. */
    @Test
    void theMinimumIsNotForOneBrokerAloneToChange() {
        var resource =
                new AlterConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName("1");
        resource.configs()
                .add(new AlterableConfig().setName(ElectionRules.MIN_IN_SYNC).setValue("2"));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(resource);

        var response = (AlterConfigsResponseData) cluster.ask(ApiKeys.ALTER_CONFIGS, 2, request);

        assertThat(response.responses().getFirst().errorCode())
                .isEqualTo(Errors.INVALID_CONFIG.code());
        assertThat(cluster.image().configs()).isEmpty();
    }

    private Errors elect(ElectionType type) {
        return error(elect(request(type, "orders", 0)));
    }

    private static Errors error(ElectLeadersResponseData response) {
        return Errors.forCode(
                response.replicaElectionResults()
                        .getFirst()
                        .partitionResult()
                        .getFirst()
                        .errorCode());
    }

    private static ElectLeadersRequestData request(ElectionType type, String topic, int index) {
        ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType(type.value);
        request.topicPartitions()
                .add(new TopicPartitions().setTopic(topic).setPartitions(List.of(index)));
        return request;
    }

    private ElectLeadersResponseData elect(ElectLeadersRequestData request) {
        boolean everywhere = request.topicPartitions().isEmpty();
        return (ElectLeadersResponseData)
                cluster.ask(
                        ApiKeys.ELECT_LEADERS,
                        2,
                        everywhere ? request.setTopicPartitions(null) : request);
    }
}
