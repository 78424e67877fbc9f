package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Leaders elected because somebody asks for it, or because the rules have changed. */
final class ElectionDecisions {

    private final ElectionRules.Source rules;
    private final PreferredElections preferred;

    ElectionDecisions(ElectionRules.Source rules, PreferredElections preferred) {
        this.rules = rules;
        this.preferred = preferred;
    }

    Decision elect(ClusterImage image, ElectLeadersRequestData request) {
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        ElectionType type;
        try {
            type = ElectionType.valueOf(request.electionType());
        } catch (IllegalArgumentException unknown) {
            return Decision.of(List.of(), response.setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        List<MetadataRecord> records = new ArrayList<>();
        boolean all = request.topicPartitions() == null;
        wanted(image, request)
                .forEach(
                        (topic, indexes) -> {
                            List<PartitionResult> results = new ArrayList<>();
                            for (int index : indexes) {
                                PartitionResult result = elect(image, type, topic, index, records);
                                if (!all
                                        || result.errorCode()
                                                != Errors.ELECTION_NOT_NEEDED.code()) {
                                    results.add(result);
                                }
                            }
                            if (!results.isEmpty()) {
                                response.replicaElectionResults()
                                        .add(
                                                new ReplicaElectionResult()
                                                        .setTopic(topic)
                                                        .setPartitionResult(results));
                            }
                        });
        return Decision.of(records, response);
    }

    private static Map<String, Set<Integer>> wanted(
            ClusterImage image, ElectLeadersRequestData request) {
        Map<String, Set<Integer>> wanted = new TreeMap<>();
        if (request.topicPartitions() == null) {
            for (TopicState topic : image.topics().values()) {
                Set<Integer> indexes = new LinkedHashSet<>();
                for (int i = 0; i < topic.partitions().size(); i++) {
                    indexes.add(i);
                }
                wanted.put(topic.name(), indexes);
            }
        } else {
            for (TopicPartitions each : request.topicPartitions()) {
                wanted.computeIfAbsent(each.topic(), t -> new LinkedHashSet<>())
                        .addAll(each.partitions());
            }
        }
        return wanted;
    }

    private PartitionResult elect(
            ClusterImage image,
            ElectionType type,
            String topic,
            int index,
            List<MetadataRecord> records) {
        Optional<PartitionState> found = image.partition(topic, index);
        if (found.isEmpty()) {
            return result(index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionState state = found.get();
        int first = state.replicas().getFirst();
        boolean forPreferred = type == ElectionType.PREFERRED;
        if (forPreferred ? state.leader() == first : state.hasLeader()) {
            return result(index, Errors.ELECTION_NOT_NEEDED);
        }
        ElectionRules own = rules.of(image, topic);
        Optional<PartitionState> next =
                forPreferred
                        ? PartitionStep.of(state, own).preferringFirstReplica().next()
                        : PartitionStep.of(state, own.allowingUnclean()).next();
        boolean elected =
                next.filter(n -> forPreferred ? n.leader() == first : n.hasLeader()).isPresent();
        if (!elected) {
            return result(
                    index,
                    forPreferred
                            ? Errors.PREFERRED_LEADER_NOT_AVAILABLE
                            : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
        }
        records.add(
                new MetadataRecord.PartitionChanged(
                        image.topics().get(topic).id(), index, next.get()));
        return result(index, Errors.NONE);
    }

    private static PartitionResult result(int index, Errors error) {
        return new PartitionResult()
                .setPartitionId(index)
                .setErrorCode(error.code())
                .setErrorMessage(error == Errors.NONE ? null : error.message());
    }

    /** Brings leaders back to the first replicas of the brokers that lead too few of theirs. */
    List<MetadataRecord> rebalance(ClusterImage image) {
        if (preferred.interval().isEmpty()) {
            return List.of();
        }
        Map<Integer, Integer> preferring = new HashMap<>();
        Map<Integer, List<MetadataRecord>> elections = new HashMap<>();
        Map<Integer, Integer> elsewhere = new HashMap<>();
        for (TopicState topic : image.topics().values()) {
            ElectionRules own = rules.of(image, topic.name());
            for (int i = 0; i < topic.partitions().size(); i++) {
                int index = i;
                PartitionState state = topic.partitions().get(i);
                int first = state.replicas().getFirst();
                preferring.merge(first, 1, Integer::sum);
                if (state.leader() == first) {
                    continue;
                }
                elsewhere.merge(first, 1, Integer::sum);
                if (!state.isReassigning()) {
                    PartitionStep.of(state, own)
                            .preferringFirstReplica()
                            .next()
                            .filter(next -> next.leader() == first)
                            .ifPresent(
                                    next ->
                                            elections
                                                    .computeIfAbsent(first, id -> new ArrayList<>())
                                                    .add(
                                                            new MetadataRecord.PartitionChanged(
                                                                    topic.id(), index, next)));
                }
            }
        }
        List<MetadataRecord> records = new ArrayList<>();
        elections.forEach(
                (broker, own) -> {
                    if (preferred.isDue(elsewhere.get(broker), preferring.get(broker))) {
                        records.addAll(own);
                    }
                });
        return records;
    }

    /**
     * A lowered minimum ends the ELR, and allowed unclean elections bring leaders back: in the very
     * step that changes the configuration.
     */
    Decision afterConfigs(ClusterImage image, Decision decision) {
        List<ConfigResource> changed =
                decision.records().stream()
                        .filter(MetadataRecord.ConfigChanged.class::isInstance)
                        .map(r -> ((MetadataRecord.ConfigChanged) r).resource())
                        .toList();
        if (changed.isEmpty()) {
            return decision;
        }
        boolean everywhere = changed.stream().anyMatch(r -> r.type() == ConfigResource.Type.BROKER);
        ClusterImage after = ClusterImages.apply(image, decision.records(), image.position());
        List<MetadataRecord> records = new ArrayList<>(decision.records());
        for (TopicState topic : image.topics().values()) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            if (everywhere || changed.contains(resource)) {
                addSteps(image, after, topic, records);
            }
        }
        return new Decision(List.copyOf(records), decision.reply());
    }

    private void addSteps(
            ClusterImage before, ClusterImage after, TopicState topic, List<MetadataRecord> to) {
        ElectionRules then = rules.of(before, topic.name());
        ElectionRules now = rules.of(after, topic.name());
        if (then.minInSync() == now.minInSync()
                && then.uncleanElection() == now.uncleanElection()) {
            return;
        }
        for (int i = 0; i < topic.partitions().size(); i++) {
            int index = i;
            PartitionStep.of(topic.partitions().get(i), now)
                    .next()
                    .ifPresent(
                            next ->
                                    to.add(
                                            new MetadataRecord.PartitionChanged(
                                                    topic.id(), index, next)));
        }
    }
}
