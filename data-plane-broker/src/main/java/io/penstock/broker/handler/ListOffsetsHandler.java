package io.penstock.broker.handler;

import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Finds offsets: the ends of a partition, or the first record at or after a time. What has to look
 * into the log may read the disk, and so runs on an executor of its own.
 */
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final long UNKNOWN = -1;
    private static final int NO_LEADER_EPOCH = -1;
    private static final int FIRST_WITH_LEADER_EPOCH = 4;
    private static final int FIRST_WITH_OFFSET_NOT_AVAILABLE = 5;

    private final PartitionLookup lookup;
    private final RequestAuthorizer authorizer;
    private final Executor diskReads;

    /**
     * @param diskReads may block
     */
    public ListOffsetsHandler(
            MetadataCache metadata,
            Partitions partitions,
            RequestAuthorizer authorizer,
            Executor diskReads) {
        this.lookup = new PartitionLookup(metadata, partitions);
        this.authorizer = authorizer;
        this.diskReads = diskReads;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ListOffsetsResponseData> handle(
            RequestContext context, ListOffsetsRequestData request) {
        boolean looksIntoLog =
                request.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .anyMatch(p -> p.timestamp() >= 0 || p.timestamp() == MAX_TIMESTAMP);
        return looksIntoLog
                ? CompletableFuture.supplyAsync(() -> answer(context, request), diskReads)
                : CompletableFuture.completedFuture(answer(context, request));
    }

    private ListOffsetsResponseData answer(RequestContext context, ListOffsetsRequestData request) {
        Set<TopicPartition> duplicates = duplicates(request);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            boolean allowed =
                    authorizer.isAllowed(
                            context, AclOperation.DESCRIBE, ResourceType.TOPIC, topic.name());
            ListOffsetsTopicResponse topicResponse =
                    new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition partition : topic.partitions()) {
                Errors refusal =
                        !allowed
                                ? Errors.TOPIC_AUTHORIZATION_FAILED
                                : duplicates.contains(
                                                new TopicPartition(
                                                        topic.name(), partition.partitionIndex()))
                                        ? Errors.INVALID_REQUEST
                                        : Errors.NONE;
                ListOffsetsPartitionResponse answer =
                        answer(context, request, topic.name(), partition, refusal);
                if (context.apiVersion() < FIRST_WITH_LEADER_EPOCH) {
                    answer.setLeaderEpoch(NO_LEADER_EPOCH);
                }
                topicResponse.partitions().add(answer);
            }
            response.topics().add(topicResponse);
        }
        return response;
    }

    private static Set<TopicPartition> duplicates(ListOffsetsRequestData request) {
        Set<TopicPartition> seen = new HashSet<>();
        Set<TopicPartition> duplicates = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition key = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!seen.add(key)) {
                    duplicates.add(key);
                }
            }
        }
        return duplicates;
    }

    private ListOffsetsPartitionResponse answer(
            RequestContext context,
            ListOffsetsRequestData request,
            String topic,
            ListOffsetsPartition wanted,
            Errors refusal) {
        ListOffsetsPartitionResponse response =
                new ListOffsetsPartitionResponse()
                        .setPartitionIndex(wanted.partitionIndex())
                        .setErrorCode(refusal.code())
                        .setOffset(UNKNOWN)
                        .setTimestamp(UNKNOWN);
        if (refusal != Errors.NONE) {
            return response;
        }
        return switch (lookup.leader(topic, wanted.partitionIndex())) {
            case PartitionLookup.Result.Failed(Errors error) -> response.setErrorCode(error.code());
            case PartitionLookup.Result.Found(Partition partition) -> {
                Errors epochs =
                        PartitionLookup.compareEpochs(wanted.currentLeaderEpoch(), partition);
                yield epochs != Errors.NONE
                        ? response.setErrorCode(epochs.code())
                        : find(
                                context.apiVersion(),
                                request.isolationLevel() == IsolationLevel.READ_COMMITTED.id(),
                                wanted.timestamp(),
                                partition,
                                response);
            }
        };
    }

    private static ListOffsetsPartitionResponse find(
            short version,
            boolean committed,
            long timestamp,
            Partition partition,
            ListOffsetsPartitionResponse response) {
        if (version < firstVersionOf(timestamp)) {
            return response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        boolean behind = partition.highWatermark() < partition.leaderEpochStartOffset();
        long end = committed ? partition.lastStableOffset() : partition.highWatermark();
        if (timestamp == LATEST) {
            if (behind) {
                return response.setErrorCode(notAvailable(version).code());
            }
            return partition.mayAnswerAlone()
                    ? response.setOffset(end).setLeaderEpoch(partition.leaderEpoch())
                    : response.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return response.setOffset(partition.logStartOffset());
        }
        if (timestamp < 0 && timestamp != MAX_TIMESTAMP) {
            // Nothing is tiered and nothing waits for it.
            return response;
        }
        Optional<OffsetAndTimestamp> found =
                timestamp == MAX_TIMESTAMP
                        ? partition.maxTimestamp()
                        : partition.findByTimestamp(timestamp);
        if (behind && found.filter(record -> record.offset() < end).isEmpty()) {
            return response.setErrorCode(notAvailable(version).code());
        }
        // What consumers may not read yet must not show here either.
        return found.filter(record -> record.offset() < end)
                .map(
                        record ->
                                response.setOffset(record.offset())
                                        .setTimestamp(record.timestamp())
                                        .setLeaderEpoch(record.leaderEpoch()))
                .orElse(response);
    }

    /** KIP-207: the high watermark has not come to where the earlier leader's may have been. */
    private static Errors notAvailable(short version) {
        return version >= FIRST_WITH_OFFSET_NOT_AVAILABLE
                ? Errors.OFFSET_NOT_AVAILABLE
                : Errors.LEADER_NOT_AVAILABLE;
    }

    /** Special timestamps came one by one: KIP-734, KIP-405, KIP-1005, KIP-1023. */
    private static int firstVersionOf(long timestamp) {
        if (timestamp >= EARLIEST) {
            return 1;
        }
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : Integer.MAX_VALUE;
    }
}
