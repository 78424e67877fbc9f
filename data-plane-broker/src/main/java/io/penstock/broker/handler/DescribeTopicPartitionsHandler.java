package io.penstock.broker.handler;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Partitions in pages, sorted by topic (KIP-966). The cursor names the first one of the next page.
 */
public final class DescribeTopicPartitionsHandler
        implements RequestHandler<DescribeTopicPartitionsRequestData> {

    private static final int MAX_PARTITIONS_PER_RESPONSE = 2_000;

    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;

    public DescribeTopicPartitionsHandler(MetadataCache metadata, RequestAuthorizer authorizer) {
        this.metadata = metadata;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DescribeTopicPartitionsRequestData request) {
        ClusterImage image = metadata.applied();
        Permission may = new Permission(authorizer, context);
        boolean all = request.topics().isEmpty();
        TreeSet<String> names =
                new TreeSet<>(
                        all
                                ? image.topics().keySet()
                                : request.topics().stream().map(TopicRequest::name).toList());
        String firstTopic = request.cursor() == null ? "" : request.cursor().topicName();
        int left = Math.clamp(request.responsePartitionLimit(), 1, MAX_PARTITIONS_PER_RESPONSE);
        var response = new DescribeTopicPartitionsResponseData();
        for (String name : names.tailSet(firstTopic)) {
            boolean visible = may.onTopic(AclOperation.DESCRIBE, name);
            if (!visible || image.topic(name).isEmpty()) {
                if (!all) {
                    response.topics()
                            .add(
                                    failed(
                                            name,
                                            visible
                                                    ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                                                    : Errors.TOPIC_AUTHORIZATION_FAILED));
                }
                continue;
            }
            TopicState topic = image.topic(name).get();
            int from = name.equals(firstTopic) ? Math.max(0, request.cursor().partitionIndex()) : 0;
            if (left == 0) {
                return page(response, name, from);
            }
            int to = Math.min(topic.partitions().size(), from + left);
            response.topics().add(described(context, image, topic, from, to));
            left -= Math.max(0, to - from);
            if (to < topic.partitions().size()) {
                return page(response, name, to);
            }
        }
        return CompletableFuture.completedFuture(response);
    }

    private static CompletionStage<? extends ApiMessage> page(
            DescribeTopicPartitionsResponseData response, String topic, int partition) {
        return CompletableFuture.completedFuture(
                response.setNextCursor(
                        new Cursor().setTopicName(topic).setPartitionIndex(partition)));
    }

    private static DescribeTopicPartitionsResponseTopic failed(String name, Errors error) {
        return new DescribeTopicPartitionsResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(Uuid.ZERO_UUID)
                .setIsInternal(Topic.isInternal(name))
                .setPartitions(List.of());
    }

    private DescribeTopicPartitionsResponseTopic described(
            RequestContext context, ClusterImage image, TopicState topic, int from, int to) {
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        for (int i = from; i < to; i++) {
            partitions.add(described(image, i, topic.partitions().get(i)));
        }
        return new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(Topic.isInternal(topic.name()))
                .setPartitions(partitions)
                .setTopicAuthorizedOperations(
                        AuthorizedOperations.onTopic(authorizer, context, topic.name()));
    }

    private static DescribeTopicPartitionsResponsePartition described(
            ClusterImage image, int index, PartitionState state) {
        boolean led = state.hasLeader() && isAlive(image, state.leader());
        return new DescribeTopicPartitionsResponsePartition()
                .setErrorCode((led ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                .setPartitionIndex(index)
                .setLeaderId(led ? state.leader() : PartitionState.NO_LEADER)
                .setLeaderEpoch(state.leaderEpoch())
                .setReplicaNodes(state.replicas())
                .setIsrNodes(state.inSync())
                .setEligibleLeaderReplicas(state.eligible())
                .setLastKnownElr(lastKnown(state))
                .setOfflineReplicas(
                        state.replicas().stream().filter(id -> !isAlive(image, id)).toList());
    }

    /** Whom to look for when nobody else may be elected. */
    private static List<Integer> lastKnown(PartitionState state) {
        boolean nobody = state.inSync().isEmpty() && state.eligible().isEmpty();
        return nobody && state.lastLeader() != PartitionState.NO_LEADER
                ? List.of(state.lastLeader())
                : List.of();
    }

    private static boolean isAlive(ClusterImage image, int brokerId) {
        BrokerRegistration broker = image.brokers().get(brokerId);
        return broker != null && !broker.fenced();
    }
}
