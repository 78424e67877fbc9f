package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replicas moved to other brokers (KIP-455). What is under way is part of the partition's state, so
 * that the next controller goes on with it: the target's replicas come first, all of the former
 * ones stay until the whole target is in sync, which {@link PartitionStep} then completes.
 */
final class ReassignmentDecisions {

    private final ElectionRules.Source rules;

    ReassignmentDecisions(ElectionRules.Source rules) {
        this.rules = rules;
    }

    Decision alter(ClusterImage image, AlterPartitionReassignmentsRequestData request) {
        var response =
                new AlterPartitionReassignmentsResponseData()
                        .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
        List<MetadataRecord> records = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ReassignableTopic topic : request.topics()) {
            response.responses()
                    .add(
                            alter(
                                    image,
                                    topic,
                                    seen.add(topic.name()),
                                    request.allowReplicationFactorChange(),
                                    records));
        }
        return Decision.of(records, response);
    }

    private ReassignableTopicResponse alter(
            ClusterImage image,
            ReassignableTopic request,
            boolean namedOnce,
            boolean otherFactorAllowed,
            List<MetadataRecord> records) {
        var response = new ReassignableTopicResponse().setName(request.name());
        Map<Integer, PartitionState> changed = new LinkedHashMap<>();
        Set<Integer> seen = new HashSet<>();
        for (ReassignablePartition partition : request.partitions()) {
            int index = partition.partitionIndex();
            var result = new ReassignablePartitionResponse().setPartitionIndex(index);
            try {
                if (!namedOnce || !seen.add(index)) {
                    throw Refusal.of(
                            Errors.INVALID_REQUEST, "the request names the partition twice");
                }
                decide(image, request.name(), partition, otherFactorAllowed)
                        .ifPresent(next -> changed.put(index, next));
            } catch (Refusal refusal) {
                refuse(result, refusal);
            }
            response.partitions().add(result);
        }
        if (changed.isEmpty()) {
            return response;
        }
        TopicState topic = image.topics().get(request.name());
        try {
            requireSize(topic, changed);
            changed.forEach(
                    (index, next) ->
                            records.add(
                                    new MetadataRecord.PartitionChanged(topic.id(), index, next)));
        } catch (Refusal refusal) {
            response.partitions().stream()
                    .filter(result -> changed.containsKey(result.partitionIndex()))
                    .forEach(result -> refuse(result, refusal));
        }
        return response;
    }

    private static void refuse(ReassignablePartitionResponse result, Refusal refusal) {
        result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.getMessage());
    }

    private Optional<PartitionState> decide(
            ClusterImage image,
            String topicName,
            ReassignablePartition request,
            boolean otherFactorAllowed)
            throws Refusal {
        int index = request.partitionIndex();
        PartitionState state =
                image.partition(topicName, index)
                        .orElseThrow(
                                () ->
                                        Refusal.of(
                                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                                "there is no partition "
                                                        + topicName
                                                        + "-"
                                                        + index));
        List<Integer> origin = without(state.replicas(), state.adding());
        ElectionRules electionRules = rules.of(image, topicName);
        PartitionStep step = PartitionStep.of(state, electionRules);
        if (request.replicas() == null) {
            if (!state.isReassigning()) {
                throw Refusal.of(
                        Errors.NO_REASSIGNMENT_IN_PROGRESS,
                        Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
            }
            requireInSync(state, origin, electionRules.minInSync());
            step.assigned(origin, List.of(), List.of());
        } else {
            List<Integer> target = List.copyOf(request.replicas());
            List<Integer> added = without(target, origin);
            requireTarget(image, target, added);
            if (!otherFactorAllowed && target.size() != origin.size()) {
                throw Refusal.of(
                        Errors.INVALID_REPLICATION_FACTOR,
                        "the replication factor would change from "
                                + origin.size()
                                + " to "
                                + target.size());
            }
            List<Integer> removed = without(origin, target);
            List<Integer> all = new ArrayList<>(target);
            all.addAll(removed);
            requireInSync(state, all, electionRules.minInSync());
            step.assigned(List.copyOf(all), added, removed);
        }
        return step.next();
    }

    private static void requireTarget(ClusterImage image, List<Integer> target, List<Integer> added)
            throws Refusal {
        if (target.isEmpty() || new HashSet<>(target).size() != target.size()) {
            throw Refusal.of(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "at least one replica is needed, and none twice: " + target);
        }
        if (target.size() > PartitionPlacement.MAX_REPLICATION_FACTOR) {
            throw Refusal.of(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "at most "
                            + PartitionPlacement.MAX_REPLICATION_FACTOR
                            + " replicas are allowed: "
                            + target);
        }
        for (int id : added) {
            if (!ElectionRules.isLive(image, id)) {
                throw Refusal.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "broker " + id + " is not registered, or is stopping");
            }
        }
    }

    /**
     * What leaves takes nothing with it that too few others have: a record that was acknowledged by
     * so many replicas is not left to fewer of them, one of which may have died unnoticed.
     */
    private static void requireInSync(PartitionState state, List<Integer> staying, int minimum)
            throws Refusal {
        long inSync = state.inSync().stream().filter(staying::contains).count();
        int needed = Math.min(minimum, state.inSync().size());
        if (inSync < needed) {
            throw Refusal.of(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "of the replicas that would stay, %s, %d are in sync, and %d have to be; in sync are %s"
                            .formatted(staying, inSync, needed, state.inSync()));
        }
    }

    private static void requireSize(TopicState topic, Map<Integer, PartitionState> changed)
            throws Refusal {
        List<PartitionState> partitions = new ArrayList<>(topic.partitions());
        changed.forEach(partitions::set);
        TopicJson.requireSize(new TopicState(topic.id(), topic.name(), partitions));
    }

    private static List<Integer> without(List<Integer> ids, List<Integer> others) {
        return ids.stream().filter(id -> !others.contains(id)).toList();
    }

    Decision list(ClusterImage image, ListPartitionReassignmentsRequestData request) {
        var response = new ListPartitionReassignmentsResponseData();
        if (request.topics() == null) {
            for (String name : new TreeSet<>(image.topics().keySet())) {
                int count = image.topics().get(name).partitions().size();
                addOngoing(response, image, name, range(count));
            }
        } else {
            request.topics()
                    .forEach(
                            t ->
                                    addOngoing(
                                            response,
                                            image,
                                            t.name(),
                                            new LinkedHashSet<>(t.partitionIndexes())));
        }
        return Decision.of(List.of(), response);
    }

    private static List<Integer> range(int count) {
        List<Integer> indexes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            indexes.add(i);
        }
        return indexes;
    }

    private static void addOngoing(
            ListPartitionReassignmentsResponseData response,
            ClusterImage image,
            String topic,
            Collection<Integer> indexes) {
        List<OngoingPartitionReassignment> ongoing = new ArrayList<>();
        for (int index : indexes) {
            image.partition(topic, index)
                    .filter(PartitionState::isReassigning)
                    .ifPresent(
                            state ->
                                    ongoing.add(
                                            new OngoingPartitionReassignment()
                                                    .setPartitionIndex(index)
                                                    .setReplicas(state.replicas())
                                                    .setAddingReplicas(state.adding())
                                                    .setRemovingReplicas(state.removing())));
        }
        if (!ongoing.isEmpty()) {
            response.topics()
                    .add(new OngoingTopicReassignment().setName(topic).setPartitions(ongoing));
        }
    }
}
