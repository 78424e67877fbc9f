package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the controller does about an event: a function of the image and the event, apart from the
 * random numbers that spread partitions and from new topics' ids.
 */
public final class ControllerCore {

    /** Requests that {@link ControllerEvent.Administration} may carry. */
    static final Set<ApiKeys> ADMINISTRATIVE =
            EnumSet.of(
                    ApiKeys.CREATE_TOPICS,
                    ApiKeys.DELETE_TOPICS,
                    ApiKeys.CREATE_PARTITIONS,
                    ApiKeys.ALTER_CONFIGS,
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    ApiKeys.CREATE_ACLS,
                    ApiKeys.DELETE_ACLS,
                    ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                    ApiKeys.ALTER_PARTITION,
                    ApiKeys.ELECT_LEADERS,
                    ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                    ApiKeys.LIST_PARTITION_REASSIGNMENTS);

    /** What clients use right after the answer, at brokers other than the one that was asked. */
    private static final Set<ApiKeys> SHOWN_EVERYWHERE =
            EnumSet.of(
                    ApiKeys.CREATE_TOPICS,
                    ApiKeys.CREATE_PARTITIONS,
                    ApiKeys.CREATE_ACLS,
                    ApiKeys.DELETE_ACLS,
                    ApiKeys.ALTER_USER_SCRAM_CREDENTIALS);

    private final TopicDecisions topics;
    private final ConfigDecisions configs = new ConfigDecisions();
    private final BrokerDecisions brokers;
    private final InSyncDecisions inSync;
    private final ElectionDecisions elections;
    private final ReassignmentDecisions reassignments;
    private final PreferredElections preferred;

    /**
     * @param brokerProperties the properties that give topics their defaults
     * @param random spreads partitions
     */
    public ControllerCore(
            Map<String, String> brokerProperties, RandomGenerator random, Supplier<Uuid> topicIds) {
        ElectionRules.Source rules = new ElectionRules.Source(brokerProperties);
        this.topics = new TopicDecisions(brokerProperties, random, topicIds);
        this.brokers = new BrokerDecisions(rules);
        this.inSync = new InSyncDecisions(rules);
        this.preferred = PreferredElections.of(brokerProperties);
        this.elections = new ElectionDecisions(rules, preferred);
        this.reassignments = new ReassignmentDecisions(rules);
    }

    /** Time between two {@link ControllerEvent.PreferredElectionDue}; empty when none is wanted. */
    public Optional<Duration> preferredElectionInterval() {
        return preferred.interval();
    }

    /** Whether it is to be answered only when all live brokers show what was done. */
    static boolean isToBeShownEverywhere(ControllerEvent event) {
        return event instanceof ControllerEvent.Administration administration
                && SHOWN_EVERYWHERE.contains(administration.apiKey());
    }

    public Decision decide(ClusterImage image, ControllerEvent event) {
        return switch (event) {
            case ControllerEvent.BrokersRegistered e ->
                    Decision.of(brokers.registered(image, e.live()));
            case ControllerEvent.BrokerStopping e ->
                    Decision.of(brokers.fenced(image, e.brokerId(), e.brokerEpoch()));
            case ControllerEvent.BrokerFenced e ->
                    Decision.of(brokers.fenced(image, e.brokerId(), e.brokerEpoch()));
            case ControllerEvent.PreferredElectionDue e -> Decision.of(elections.rebalance(image));
            case ControllerEvent.Administration e -> decide(image, e);
        };
    }

    private Decision decide(ClusterImage image, ControllerEvent.Administration event) {
        return switch (event.request()) {
            case CreateTopicsRequestData request -> topics.create(image, request);
            case DeleteTopicsRequestData request -> topics.delete(image, request, event.version());
            case CreatePartitionsRequestData request -> topics.addPartitions(image, request);
            case AlterConfigsRequestData request ->
                    elections.afterConfigs(image, configs.replace(image, request));
            case IncrementalAlterConfigsRequestData request ->
                    elections.afterConfigs(image, configs.alter(image, request));
            case CreateAclsRequestData request -> AclDecisions.create(image, request);
            case DeleteAclsRequestData request -> AclDecisions.delete(image, request);
            case AlterUserScramCredentialsRequestData request ->
                    ScramDecisions.alter(image, request);
            case AlterPartitionRequestData request -> inSync.alter(image, request);
            case ElectLeadersRequestData request -> elections.elect(image, request);
            case AlterPartitionReassignmentsRequestData request ->
                    reassignments.alter(image, request);
            case ListPartitionReassignmentsRequestData request ->
                    reassignments.list(image, request);
            default ->
                    throw new IllegalArgumentException(
                            "the controller does not take " + event.apiKey());
        };
    }
}
