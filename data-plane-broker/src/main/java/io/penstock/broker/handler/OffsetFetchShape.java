package io.penstock.broker.handler;

import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

import java.util.List;

/**
 * The shapes an OffsetFetch had over time: one group up to version 7, several since (KIP-709).
 * Version 1 cannot express an error of the whole group, so it is repeated for each partition.
 */
final class OffsetFetchShape {

    private static final int FIRST_VERSION_WITH_GROUPS = 8;
    private static final int FIRST_VERSION_WITH_GROUP_ERROR = 2;
    private static final long NO_OFFSET = -1;

    private OffsetFetchShape() {}

    static List<OffsetFetchRequestGroup> groups(OffsetFetchRequestData request, short version) {
        if (version >= FIRST_VERSION_WITH_GROUPS) {
            return request.groups();
        }
        List<OffsetFetchRequestTopics> topics =
                request.topics() == null
                        ? null
                        : request.topics().stream()
                                .map(
                                        topic ->
                                                new OffsetFetchRequestTopics()
                                                        .setName(topic.name())
                                                        .setPartitionIndexes(
                                                                topic.partitionIndexes()))
                                .toList();
        return List.of(
                new OffsetFetchRequestGroup().setGroupId(request.groupId()).setTopics(topics));
    }

    static OffsetFetchResponseData response(
            List<OffsetFetchResponseGroup> groups, OffsetFetchRequestData request, short version) {
        if (version >= FIRST_VERSION_WITH_GROUPS) {
            return new OffsetFetchResponseData().setGroups(groups);
        }
        OffsetFetchResponseGroup group = groups.getFirst();
        OffsetFetchResponseData response =
                new OffsetFetchResponseData()
                        .setErrorCode(group.errorCode())
                        .setTopics(
                                group.topics().stream().map(OffsetFetchShape::oldTopic).toList());
        return version < FIRST_VERSION_WITH_GROUP_ERROR && group.errorCode() != Errors.NONE.code()
                ? response.setTopics(
                        request.topics().stream()
                                .map(topic -> failedTopic(topic, group.errorCode()))
                                .toList())
                : response;
    }

    private static OffsetFetchResponseTopic oldTopic(OffsetFetchResponseTopics topic) {
        return new OffsetFetchResponseTopic()
                .setName(topic.name())
                .setPartitions(
                        topic.partitions().stream().map(OffsetFetchShape::oldPartition).toList());
    }

    private static OffsetFetchResponsePartition oldPartition(
            OffsetFetchResponsePartitions partition) {
        return new OffsetFetchResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setCommittedOffset(partition.committedOffset())
                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                .setMetadata(partition.metadata())
                .setErrorCode(partition.errorCode());
    }

    private static OffsetFetchResponseTopic failedTopic(
            OffsetFetchRequestTopic topic, short errorCode) {
        return new OffsetFetchResponseTopic()
                .setName(topic.name())
                .setPartitions(
                        topic.partitionIndexes().stream()
                                .map(
                                        partition ->
                                                new OffsetFetchResponsePartition()
                                                        .setPartitionIndex(partition)
                                                        .setCommittedOffset(NO_OFFSET)
                                                        .setMetadata("")
                                                        .setErrorCode(errorCode))
                                .toList());
    }
}
