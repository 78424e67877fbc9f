package io.penstock.broker.handler;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.protocol.record.ProducedBatches;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Appends records. With acks=all the response waits until the high watermark has passed them, with
 * acks=1 until they are on this leader's disk if their topic asks for that; with acks=0 there is
 * none, and an error closes the connection so that the producer learns of it.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequestData> {

    /** Clients before this version cannot read zstd (KIP-110). */
    private static final int FIRST_WITH_ZSTD = 7;

    private static final int FIRST_WITH_TOPIC_IDS = 13;
    private static final int FIRST_WITH_LEADER_HINTS = 10;

    private static final short ACKS_ALL = -1;

    /** KIP-516's name for tools that may write into internal topics. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private final PartitionLookup lookup;
    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;
    private final Supplier<ScheduledExecutorService> loop;
    private final boolean compactedByDefault;
    private final TrafficMetrics traffic;

    /**
     * @param defaultCleanupPolicy the broker's log.cleanup.policy
     * @param traffic counts what was appended
     */
    public ProduceHandler(
            MetadataCache metadata,
            Partitions partitions,
            RequestAuthorizer authorizer,
            Supplier<ScheduledExecutorService> loop,
            List<String> defaultCleanupPolicy,
            TrafficMetrics traffic) {
        this.lookup = new PartitionLookup(metadata, partitions);
        this.metadata = metadata;
        this.authorizer = authorizer;
        this.loop = loop;
        this.compactedByDefault = defaultCleanupPolicy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        this.traffic = traffic;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<ProduceResponseData> handle(
            RequestContext context, ProduceRequestData request) {
        Errors refusal = refusalOfAll(context, request);
        ProduceResponseData response = new ProduceResponseData();
        List<PendingAcknowledgement> pending = new ArrayList<>();
        boolean failed = false;
        for (TopicProduceData topic : request.topicData()) {
            Topics topics = resolve(context, topic, refusal);
            TopicProduceResponse topicResponse =
                    new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            for (PartitionProduceData data : topic.partitionData()) {
                PartitionProduceResponse partitionResponse =
                        new PartitionProduceResponse().setIndex(data.index()).setBaseOffset(-1);
                append(context, request, topics, data, partitionResponse).ifPresent(pending::add);
                failed |= partitionResponse.errorCode() != Errors.NONE.code();
                hint(context, topics.name(), partitionResponse, response);
                topicResponse.partitionResponses().add(partitionResponse);
            }
            response.responses().add(topicResponse);
        }
        if (request.acks() == 0) {
            return failed
                    ? CompletableFuture.failedFuture(
                            new IllegalStateException("a produce with acks=0 was refused"))
                    : CompletableFuture.completedFuture(null);
        }
        return pending.isEmpty()
                ? CompletableFuture.completedFuture(response)
                : new DelayedAnswer<>(pending, response).start(loop.get(), request.timeoutMs());
    }

    /** A topic of the request: its name and the id by which it was meant, or an error. */
    private record Topics(String name, Optional<Uuid> id, Errors error, String message) {

        static Topics failed(String name, Errors error, String message) {
            return new Topics(name, Optional.empty(), error, message);
        }
    }

    private Errors refusalOfAll(RequestContext context, ProduceRequestData request) {
        if (request.acks() < -1 || request.acks() > 1) {
            return Errors.INVALID_REQUIRED_ACKS;
        }
        String transactionalId = request.transactionalId();
        if (transactionalId == null) {
            return Errors.NONE;
        }
        return authorizer.isAllowed(
                        context, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId)
                ? Errors.INVALID_TXN_STATE
                : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }

    private Topics resolve(RequestContext context, TopicProduceData topic, Errors refusal) {
        String name = topic.name();
        Optional<Uuid> id = Optional.empty();
        if (context.apiVersion() >= FIRST_WITH_TOPIC_IDS) {
            id = Optional.of(topic.topicId());
            name = lookup.nameOf(topic.topicId()).orElse(null);
            if (name == null) {
                return Topics.failed("", Errors.UNKNOWN_TOPIC_ID, null);
            }
        }
        if (refusal != Errors.NONE) {
            return Topics.failed(name, refusal, null);
        }
        if (!authorizer.isAllowed(context, AclOperation.WRITE, ResourceType.TOPIC, name)) {
            return Topics.failed(name, Errors.TOPIC_AUTHORIZATION_FAILED, null);
        }
        if (Topic.isInternal(name) && !ADMIN_CLIENT.equals(context.clientId())) {
            return Topics.failed(
                    name,
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "The topic " + name + " is internal and not to be written by clients");
        }
        return new Topics(name, id, Errors.NONE, null);
    }

    /** Fills in the response; returns what the acknowledgement still waits for. */
    private Optional<PendingAcknowledgement> append(
            RequestContext context,
            ProduceRequestData request,
            Topics topic,
            PartitionProduceData data,
            PartitionProduceResponse response) {
        if (topic.error() != Errors.NONE) {
            refuse(response, topic.error(), topic.message());
            return Optional.empty();
        }
        return switch (lookup.leader(topic.name(), topic.id(), data.index())) {
            case PartitionLookup.Result.Failed(Errors error) -> {
                refuse(response, error, null);
                yield Optional.empty();
            }
            case PartitionLookup.Result.Found(Partition partition) -> {
                Optional<ByteBuffer> batches = batches(context, topic.name(), data, response);
                yield batches.isEmpty()
                        ? Optional.empty()
                        : append(request.acks(), partition, batches.get(), response);
            }
        };
    }

    /** The records, if the request's version and the topic's policy let them be appended. */
    private Optional<ByteBuffer> batches(
            RequestContext context,
            String topic,
            PartitionProduceData data,
            PartitionProduceResponse response) {
        Optional<ByteBuffer> batches = FetchedRecords.produced(data);
        if (batches.isEmpty() || !ProducedBatches.isOneBatch(batches.get())) {
            refuse(
                    response,
                    Errors.INVALID_RECORD,
                    "Produce requests must have exactly one record batch per partition");
            return Optional.empty();
        }
        if (context.apiVersion() < FIRST_WITH_ZSTD && ProducedBatches.isZstd(batches.get())) {
            refuse(
                    response,
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs Produce version " + FIRST_WITH_ZSTD + " or newer");
            return Optional.empty();
        }
        if (isCompacted(topic)) {
            Optional<String> complaint = ProducedBatches.complaintOfCompactedTopic(batches.get());
            if (complaint.isPresent()) {
                refuse(response, Errors.INVALID_RECORD, complaint.get());
                return Optional.empty();
            }
        }
        return batches;
    }

    private boolean isCompacted(String topic) {
        String policy =
                metadata.current()
                        .config(ConfigResource.Type.TOPIC, topic)
                        .get(TopicConfig.CLEANUP_POLICY_CONFIG);
        return policy == null
                ? compactedByDefault
                : policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private Optional<PendingAcknowledgement> append(
            short acks,
            Partition partition,
            ByteBuffer batches,
            PartitionProduceResponse response) {
        // If the epoch changes before the append, the acknowledgement is refused: nothing is lost.
        int epoch = partition.leaderEpoch();
        AppendResult result = partition.append(batches, AppendOrigin.CLIENT, acks);
        if (result instanceof AppendResult.Appended appended && !appended.duplicate()) {
            traffic.topic(partition.topicPartition().topic())
                    .received(
                            appended.lastOffset() - appended.baseOffset() + 1, batches.remaining());
        }
        return switch (result) {
            case AppendResult.Refused(AppendResult.Reason reason, String detail) -> {
                refuse(response, AppendErrors.of(reason), detail);
                yield Optional.empty();
            }
            case AppendResult.Appended appended when acks == 0 -> {
                if (!partition.mayAnswerAlone()) {
                    refuse(response, Errors.NOT_LEADER_OR_FOLLOWER, null);
                }
                yield Optional.empty();
            }
            case AppendResult.Appended appended -> {
                response.setBaseOffset(appended.baseOffset())
                        .setLogAppendTimeMs(appended.logAppendTime())
                        .setLogStartOffset(appended.logStartOffset());
                var pending =
                        new PendingAcknowledgement(
                                partition,
                                acks == ACKS_ALL,
                                epoch,
                                appended.lastOffset() + 1,
                                response);
                yield pending.settle() ? Optional.empty() : Optional.of(pending);
            }
        };
    }

    static void refuse(PartitionProduceResponse response, Errors error, String message) {
        response.setErrorCode(error.code()).setErrorMessage(message).setBaseOffset(-1);
    }

    private void hint(
            RequestContext context,
            String topic,
            PartitionProduceResponse partition,
            ProduceResponseData response) {
        if (partition.errorCode() != Errors.NOT_LEADER_OR_FOLLOWER.code()
                || context.apiVersion() < FIRST_WITH_LEADER_HINTS) {
            return;
        }
        PartitionLookup.LeaderHint hint = lookup.hint(topic, partition.index()).orElse(null);
        if (hint == null) {
            return;
        }
        partition.setCurrentLeader(
                new LeaderIdAndEpoch()
                        .setLeaderId(hint.leader())
                        .setLeaderEpoch(hint.leaderEpoch()));
        Endpoint endpoint = hint.endpoint(context).orElse(null);
        if (endpoint != null && response.nodeEndpoints().find(hint.leader()) == null) {
            response.nodeEndpoints()
                    .add(
                            new NodeEndpoint()
                                    .setNodeId(hint.leader())
                                    .setHost(endpoint.host())
                                    .setPort(endpoint.port())
                                    .setRack(hint.rack()));
        }
    }
}
