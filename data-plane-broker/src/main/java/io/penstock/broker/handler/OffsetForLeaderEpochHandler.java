package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells where leader epochs ended, by which clients find out that a log was cut (KIP-320). */
public final class OffsetForLeaderEpochHandler
        implements RequestHandler<OffsetForLeaderEpochRequestData> {

    private final PartitionLookup lookup;
    private final RequestAuthorizer authorizer;

    public OffsetForLeaderEpochHandler(
            MetadataCache metadata, Partitions partitions, RequestAuthorizer authorizer) {
        this.lookup = new PartitionLookup(metadata, partitions);
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponseData> handle(
            RequestContext context, OffsetForLeaderEpochRequestData request) {
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.topics()) {
            boolean allowed =
                    authorizer.isAllowed(
                            context, AclOperation.DESCRIBE, ResourceType.TOPIC, topic.topic());
            OffsetForLeaderTopicResult result =
                    new OffsetForLeaderTopicResult().setTopic(topic.topic());
            for (OffsetForLeaderPartition wanted : topic.partitions()) {
                EpochEndOffset end = new EpochEndOffset().setPartition(wanted.partition());
                result.partitions()
                        .add(
                                allowed
                                        ? find(topic.topic(), wanted, end)
                                        : end.setErrorCode(
                                                Errors.TOPIC_AUTHORIZATION_FAILED.code()));
            }
            response.topics().add(result);
        }
        return CompletableFuture.completedFuture(response);
    }

    private EpochEndOffset find(String topic, OffsetForLeaderPartition wanted, EpochEndOffset end) {
        return switch (lookup.leader(topic, wanted.partition())) {
            case PartitionLookup.Result.Failed(Errors error) -> end.setErrorCode(error.code());
            case PartitionLookup.Result.Found(Partition partition) -> {
                Errors epochs =
                        PartitionLookup.compareEpochs(wanted.currentLeaderEpoch(), partition);
                if (epochs != Errors.NONE) {
                    yield end.setErrorCode(epochs.code());
                }
                partition
                        .endOffsetFor(wanted.leaderEpoch())
                        .ifPresent(
                                found ->
                                        end.setLeaderEpoch(found.leaderEpoch())
                                                .setEndOffset(found.endOffset()));
                yield end;
            }
        };
    }
}
