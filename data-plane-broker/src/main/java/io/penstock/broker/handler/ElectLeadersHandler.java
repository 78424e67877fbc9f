package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Preferred or unclean elections (KIP-183, KIP-460); needs ALTER on the cluster. */
public final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequestData> {

    private static final short FIRST_VERSION_WITH_TOP_LEVEL_ERROR = 1;

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public ElectLeadersHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, ElectLeadersRequestData request) {
        ElectLeadersRequestData copy = request.duplicate();
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(
                    failed(copy, context.apiVersion(), error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.ELECT_LEADERS,
                        context.apiVersion(),
                        copy,
                        Forwarding.timeout(copy.timeoutMs()))
                .exceptionally(
                        failure ->
                                failed(
                                        copy,
                                        context.apiVersion(),
                                        Forwarding.error(failure),
                                        Forwarding.message(failure)));
    }

    private static ElectLeadersResponseData failed(
            ElectLeadersRequestData request, short version, Errors error, String message) {
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        if (version >= FIRST_VERSION_WITH_TOP_LEVEL_ERROR) {
            response.setErrorCode(error.code());
        }
        if (request.topicPartitions() != null) {
            for (TopicPartitions topic : request.topicPartitions()) {
                response.replicaElectionResults()
                        .add(
                                new ReplicaElectionResult()
                                        .setTopic(topic.topic())
                                        .setPartitionResult(
                                                topic.partitions().stream()
                                                        .map(p -> failed(p, error, message))
                                                        .toList()));
            }
        }
        return response;
    }

    private static PartitionResult failed(int partition, Errors error, String message) {
        return new PartitionResult()
                .setPartitionId(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
