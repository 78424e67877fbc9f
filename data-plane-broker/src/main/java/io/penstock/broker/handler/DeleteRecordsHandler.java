package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Moves the log start of partitions, so that older records are read no more. The leader's own start
 * is what is answered: followers take it over with their next fetch.
 */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(DeleteRecordsHandler.class);
    private static final long UNKNOWN = -1;

    private final MetadataCache metadata;
    private final PartitionLookup lookup;
    private final RequestAuthorizer authorizer;
    private final Executor disk;
    private final List<String> defaultCleanupPolicy;

    /**
     * @param disk may block
     * @param defaultCleanupPolicy the broker's log.cleanup.policy
     */
    public DeleteRecordsHandler(
            MetadataCache metadata,
            Partitions partitions,
            RequestAuthorizer authorizer,
            Executor disk,
            List<String> defaultCleanupPolicy) {
        this.metadata = metadata;
        this.lookup = new PartitionLookup(metadata, partitions);
        this.authorizer = authorizer;
        this.disk = disk;
        this.defaultCleanupPolicy = List.copyOf(defaultCleanupPolicy);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(
            RequestContext context, DeleteRecordsRequestData request) {
        return CompletableFuture.supplyAsync(() -> answer(context, request), disk);
    }

    private DeleteRecordsResponseData answer(
            RequestContext context, DeleteRecordsRequestData request) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.topics()) {
            Errors refused = refusal(context, topic.name());
            DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                result.partitions()
                        .add(
                                refused == Errors.NONE
                                        ? delete(topic.name(), partition)
                                        : failed(partition, refused));
            }
            response.topics().add(result);
        }
        return response;
    }

    private Errors refusal(RequestContext context, String topic) {
        if (!authorizer.isAllowed(context, AclOperation.DELETE, ResourceType.TOPIC, topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (Topic.isInternal(topic)) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        String policy =
                metadata.current()
                        .config(ConfigResource.Type.TOPIC, topic)
                        .getOrDefault("cleanup.policy", String.join(",", defaultCleanupPolicy));
        boolean deletes = List.of(policy.split("\\s*,\\s*")).contains("delete");
        return deletes ? Errors.NONE : Errors.POLICY_VIOLATION;
    }

    private DeleteRecordsPartitionResult delete(String topic, DeleteRecordsPartition wanted) {
        return switch (lookup.leader(topic, wanted.partitionIndex())) {
            case PartitionLookup.Result.Failed(Errors error) -> failed(wanted, error);
            case PartitionLookup.Result.Found(Partition partition) -> delete(partition, wanted);
        };
    }

    private static DeleteRecordsPartitionResult delete(
            Partition partition, DeleteRecordsPartition wanted) {
        try {
            OptionalLong start = partition.deleteRecordsBefore(wanted.offset());
            return start.isPresent()
                    ? new DeleteRecordsPartitionResult()
                            .setPartitionIndex(wanted.partitionIndex())
                            .setLowWatermark(start.getAsLong())
                    : failed(wanted, Errors.OFFSET_OUT_OF_RANGE);
        } catch (IOException failure) {
            LOG.error("{}: the log start did not move", partition.topicPartition(), failure);
            return failed(wanted, Errors.KAFKA_STORAGE_ERROR);
        }
    }

    private static DeleteRecordsPartitionResult failed(
            DeleteRecordsPartition wanted, Errors error) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(wanted.partitionIndex())
                .setLowWatermark(UNKNOWN)
                .setErrorCode(error.code());
    }
}
