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
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Moves the log start of partitions, so that older records are read no more. Followers take it over
 * from their leader's answers; the response waits until all that live have, as Kafka's does.
 */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(DeleteRecordsHandler.class);
    static final long UNKNOWN = -1;

    private final MetadataCache metadata;
    private final PartitionLookup lookup;
    private final RequestAuthorizer authorizer;
    private final Executor disk;
    private final Supplier<ScheduledExecutorService> loop;
    private final List<String> defaultCleanupPolicy;

    /**
     * @param disk may block
     * @param loop of the connection that is being served
     * @param defaultCleanupPolicy the broker's log.cleanup.policy
     */
    public DeleteRecordsHandler(
            MetadataCache metadata,
            Partitions partitions,
            RequestAuthorizer authorizer,
            Executor disk,
            Supplier<ScheduledExecutorService> loop,
            List<String> defaultCleanupPolicy) {
        this.metadata = metadata;
        this.lookup = new PartitionLookup(metadata, partitions);
        this.authorizer = authorizer;
        this.disk = disk;
        this.loop = loop;
        this.defaultCleanupPolicy = List.copyOf(defaultCleanupPolicy);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(
            RequestContext context, DeleteRecordsRequestData request) {
        ScheduledExecutorService here = loop.get();
        CompletableFuture<Deletions> done =
                CompletableFuture.supplyAsync(() -> delete(context, request), disk);
        CompletableFuture<DeleteRecordsResponseData> answer = new CompletableFuture<>();
        done.whenCompleteAsync(
                (deletions, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else {
                        await(deletions, here, request.timeoutMs(), answer);
                    }
                },
                here);
        return answer;
    }

    /** What was done at once, and where replicas have yet to follow. */
    private record Deletions(DeleteRecordsResponseData response, List<PendingDeletion> pending) {}

    private static void await(
            Deletions deletions,
            ScheduledExecutorService here,
            int timeoutMillis,
            CompletableFuture<DeleteRecordsResponseData> answer) {
        List<PendingDeletion> pending =
                deletions.pending().stream().filter(part -> !part.settle()).toList();
        if (pending.isEmpty()) {
            answer.complete(deletions.response());
            return;
        }
        CompletableFuture<DeleteRecordsResponseData> delayed =
                new DelayedAnswer<>(pending, deletions.response()).start(here, timeoutMillis);
        delayed.whenComplete(
                (response, failure) -> {
                    if (failure == null) {
                        answer.complete(response);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
        answer.whenComplete(
                (response, failure) -> {
                    if (answer.isCancelled()) {
                        delayed.cancel(false);
                    }
                });
    }

    private Deletions delete(RequestContext context, DeleteRecordsRequestData request) {
        Deletions deletions = new Deletions(new DeleteRecordsResponseData(), new ArrayList<>());
        for (DeleteRecordsTopic topic : request.topics()) {
            Errors refused = refusal(context, topic.name());
            DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                result.partitions()
                        .add(
                                refused == Errors.NONE
                                        ? delete(topic.name(), partition, deletions.pending())
                                        : failed(partition, refused));
            }
            deletions.response().topics().add(result);
        }
        return deletions;
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

    private DeleteRecordsPartitionResult delete(
            String topic, DeleteRecordsPartition wanted, List<PendingDeletion> pending) {
        return switch (lookup.leader(topic, wanted.partitionIndex())) {
            case PartitionLookup.Result.Failed(Errors error) -> failed(wanted, error);
            case PartitionLookup.Result.Found(Partition partition) ->
                    delete(partition, wanted, pending);
        };
    }

    private static DeleteRecordsPartitionResult delete(
            Partition partition, DeleteRecordsPartition wanted, List<PendingDeletion> pending) {
        try {
            OptionalLong start = partition.deleteRecordsBefore(wanted.offset());
            if (start.isEmpty()) {
                return failed(wanted, Errors.OFFSET_OUT_OF_RANGE);
            }
            DeleteRecordsPartitionResult result =
                    new DeleteRecordsPartitionResult()
                            .setPartitionIndex(wanted.partitionIndex())
                            .setLowWatermark(start.getAsLong());
            long asked = wanted.offset() < 0 ? start.getAsLong() : wanted.offset();
            pending.add(new PendingDeletion(partition, asked, result));
            return result;
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
