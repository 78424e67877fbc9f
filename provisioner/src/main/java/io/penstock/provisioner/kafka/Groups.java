package io.penstock.provisioner.kafka;

import static io.penstock.provisioner.kafka.Answers.await;
import static io.penstock.provisioner.kafka.Answers.awaitUnless;
import static io.penstock.provisioner.kafka.ClusterAdmin.CALL_LIMIT;

import io.penstock.provisioner.kafka.GroupOffsets.PartitionLag;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Consumer groups of a cluster. */
public final class Groups {
    private final Admin admin;

    Groups(Admin admin) {
        this.admin = admin;
    }

    /** The ids of all groups, sorted. */
    public List<String> list() throws InterruptedException {
        return await(admin.listGroups().all(), CALL_LIMIT, "listing groups").stream()
                .map(GroupListing::groupId)
                .sorted()
                .toList();
    }

    /**
     * The group's committed offsets against the ends of their partitions; empty when there is no
     * such group.
     */
    public Optional<GroupOffsets> offsets(String group) throws InterruptedException {
        Optional<ConsumerGroupDescription> description =
                awaitUnless(
                        GroupIdNotFoundException.class,
                        admin.describeConsumerGroups(List.of(group)).describedGroups().get(group),
                        CALL_LIMIT,
                        "describing the group");
        Map<TopicPartition, OffsetAndMetadata> committed =
                awaitUnless(
                                GroupIdNotFoundException.class,
                                admin.listConsumerGroupOffsets(group)
                                        .partitionsToOffsetAndMetadata(),
                                CALL_LIMIT,
                                "listing the group's offsets")
                        .orElse(Map.of());
        committed =
                committed.entrySet().stream()
                        .filter(entry -> entry.getValue() != null)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (description.isEmpty() && committed.isEmpty()) {
            return Optional.empty();
        }
        String state = description.map(found -> found.groupState().toString()).orElse("Empty");
        if (state.equals("Dead") && committed.isEmpty()) {
            return Optional.empty();
        }
        List<PartitionLag> partitions = lags(committed);
        return Optional.of(
                new GroupOffsets(
                        group,
                        state,
                        partitions.stream().mapToLong(PartitionLag::lag).sum(),
                        partitions));
    }

    private List<PartitionLag> lags(Map<TopicPartition, OffsetAndMetadata> committed)
            throws InterruptedException {
        ListOffsetsResult ends =
                admin.listOffsets(
                        committed.keySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Function.identity(),
                                                partition -> OffsetSpec.latest())));
        List<PartitionLag> lags = new ArrayList<>();
        for (var entry : committed.entrySet()) {
            TopicPartition partition = entry.getKey();
            long offset = entry.getValue().offset();
            long end = endOf(ends, partition).orElse(offset);
            lags.add(
                    new PartitionLag(
                            partition.topic(),
                            partition.partition(),
                            offset,
                            end,
                            Math.max(0, end - offset)));
        }
        lags.sort(
                Comparator.comparing(PartitionLag::topic)
                        .thenComparingInt(PartitionLag::partition));
        return lags;
    }

    /** Empty when this one partition cannot be asked: the others' lag is still worth showing. */
    private static Optional<Long> endOf(ListOffsetsResult ends, TopicPartition partition)
            throws InterruptedException {
        try {
            return Optional.of(
                    await(
                                    ends.partitionResult(partition),
                                    CALL_LIMIT,
                                    "asking for the end of a partition")
                            .offset());
        } catch (ClusterUnavailableException e) {
            return Optional.empty();
        }
    }
}
