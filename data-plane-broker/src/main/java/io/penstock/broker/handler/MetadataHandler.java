package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who is in the cluster, and who leads what. Topics that the principal may not describe are left
 * out of the list of all, and are not told from unknown ones when asked by id.
 */
public final class MetadataHandler implements RequestHandler<MetadataRequestData> {

    private static final long AUTO_CREATION_TIMEOUT_MILLIS = 10_000;
    private static final short CREATE_TOPICS_VERSION = 5;
    private static final short FIRST_VERSION_WITH_NULL_NAMES = 12;

    private final MetadataCache metadata;
    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;
    private final boolean autoCreateTopics;

    public MetadataHandler(
            MetadataCache metadata,
            ControllerChannel controller,
            RequestAuthorizer authorizer,
            boolean autoCreateTopics) {
        this.metadata = metadata;
        this.controller = controller;
        this.authorizer = authorizer;
        this.autoCreateTopics = autoCreateTopics;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, MetadataRequestData request) {
        List<String> missing = toCreate(context, request);
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(answer(context, request));
        }
        CreateTopicsRequestData creation =
                new CreateTopicsRequestData()
                        .setTimeoutMs(Math.toIntExact(AUTO_CREATION_TIMEOUT_MILLIS));
        missing.forEach(
                name ->
                        creation.topics()
                                .add(
                                        new CreatableTopic()
                                                .setName(name)
                                                .setNumPartitions(-1)
                                                .setReplicationFactor((short) -1)));
        return controller
                .submit(
                        ApiKeys.CREATE_TOPICS,
                        CREATE_TOPICS_VERSION,
                        creation,
                        AUTO_CREATION_TIMEOUT_MILLIS)
                .handle((created, failure) -> answer(context, request));
    }

    private List<String> toCreate(RequestContext context, MetadataRequestData request) {
        if (!autoCreateTopics || !request.allowAutoTopicCreation() || request.topics() == null) {
            return List.of();
        }
        ClusterImage image = metadata.applied();
        Permission may = new Permission(authorizer, context);
        return request.topics().stream()
                .map(MetadataRequestTopic::name)
                .filter(name -> name != null && isValid(name) && !Topic.isInternal(name))
                .filter(name -> !image.topics().containsKey(name))
                .filter(name -> may.onTopic(AclOperation.DESCRIBE, name))
                .filter(name -> mayCreate(may, name))
                .distinct()
                .toList();
    }

    private static boolean mayCreate(Permission may, String name) {
        return may.onCluster(AclOperation.CREATE) || may.onTopic(AclOperation.CREATE, name);
    }

    private static boolean isValid(String name) {
        try {
            Topic.validate(name);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }

    private MetadataResponseData answer(RequestContext context, MetadataRequestData request) {
        ClusterImage image = metadata.applied();
        MetadataResponseData response =
                new MetadataResponseData()
                        .setClusterId(image.clusterId())
                        .setControllerId(image.controller().orElse(-1));
        for (BrokerRegistration broker : image.brokers().values()) {
            if (!broker.fenced()) {
                broker.endpoint(context.listener())
                        .map(endpoint -> described(broker, endpoint))
                        .ifPresent(response.brokers()::add);
            }
        }
        boolean all =
                request.topics() == null
                        || (context.apiVersion() == 0 && request.topics().isEmpty());
        Permission may = new Permission(authorizer, context);
        if (all) {
            image.topics().values().stream()
                    .filter(topic -> may.onTopic(AclOperation.DESCRIBE, topic.name()))
                    .forEach(topic -> response.topics().add(found(context, request, image, topic)));
        } else {
            request.topics()
                    .forEach(
                            asked ->
                                    response.topics()
                                            .add(asked(context, request, image, may, asked)));
        }
        if (context.apiVersion() >= 8
                && context.apiVersion() <= 10
                && request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(
                    AuthorizedOperations.onCluster(authorizer, context));
        }
        return response;
    }

    private static MetadataResponseBroker described(BrokerRegistration broker, Endpoint endpoint) {
        return new MetadataResponseBroker()
                .setNodeId(broker.id())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setRack(broker.rack().orElse(null));
    }

    private MetadataResponseTopic asked(
            RequestContext context,
            MetadataRequestData request,
            ClusterImage image,
            Permission may,
            MetadataRequestTopic asked) {
        if (asked.name() == null) {
            String noName = context.apiVersion() >= FIRST_VERSION_WITH_NULL_NAMES ? null : "";
            return image.topic(asked.topicId())
                    .filter(topic -> may.onTopic(AclOperation.DESCRIBE, topic.name()))
                    .map(topic -> found(context, request, image, topic))
                    .orElseGet(() -> failed(noName, asked.topicId(), Errors.UNKNOWN_TOPIC_ID));
        }
        String name = asked.name();
        if (!may.onTopic(AclOperation.DESCRIBE, name)) {
            return failed(name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        if (!isValid(name)) {
            return failed(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION);
        }
        return image.topic(name)
                .map(topic -> found(context, request, image, topic))
                .orElseGet(() -> failed(name, Uuid.ZERO_UUID, unknown(request, may, name)));
    }

    private Errors unknown(MetadataRequestData request, Permission may, String name) {
        boolean wouldCreate = autoCreateTopics && request.allowAutoTopicCreation();
        return wouldCreate && !Topic.isInternal(name) && !mayCreate(may, name)
                ? Errors.TOPIC_AUTHORIZATION_FAILED
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static MetadataResponseTopic failed(String name, Uuid id, Errors error) {
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(name != null && Topic.isInternal(name))
                .setPartitions(List.of());
    }

    private MetadataResponseTopic found(
            RequestContext context,
            MetadataRequestData request,
            ClusterImage image,
            TopicState topic) {
        List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions().size());
        for (int i = 0; i < topic.partitions().size(); i++) {
            partitions.add(partition(context, image, i, topic.partitions().get(i)));
        }
        MetadataResponseTopic answer =
                new MetadataResponseTopic()
                        .setErrorCode(Errors.NONE.code())
                        .setName(topic.name())
                        .setTopicId(topic.id())
                        .setIsInternal(Topic.isInternal(topic.name()))
                        .setPartitions(partitions);
        if (context.apiVersion() >= 8 && request.includeTopicAuthorizedOperations()) {
            answer.setTopicAuthorizedOperations(
                    AuthorizedOperations.onTopic(authorizer, context, topic.name()));
        }
        return answer;
    }

    private static MetadataResponsePartition partition(
            RequestContext context, ClusterImage image, int index, PartitionState state) {
        Errors error = Errors.NONE;
        int leader = state.leader();
        if (!state.hasLeader() || !isAlive(image, leader)) {
            error = Errors.LEADER_NOT_AVAILABLE;
            leader = PartitionState.NO_LEADER;
        } else if (image.brokers().get(leader).endpoint(context.listener()).isEmpty()) {
            error =
                    context.apiVersion() >= 6
                            ? Errors.LISTENER_NOT_FOUND
                            : Errors.LEADER_NOT_AVAILABLE;
            leader = PartitionState.NO_LEADER;
        }
        return new MetadataResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(index)
                .setLeaderId(leader)
                .setLeaderEpoch(state.leaderEpoch())
                .setReplicaNodes(state.replicas())
                .setIsrNodes(state.inSync())
                .setOfflineReplicas(
                        state.replicas().stream().filter(id -> !isAlive(image, id)).toList());
    }

    private static boolean isAlive(ClusterImage image, int brokerId) {
        BrokerRegistration broker = image.brokers().get(brokerId);
        return broker != null && !broker.fenced();
    }
}
