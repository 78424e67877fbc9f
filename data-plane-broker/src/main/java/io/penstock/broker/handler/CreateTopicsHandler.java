package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * CREATE on the cluster or on the topic allows it; its configuration is shown by DESCRIBE_CONFIGS.
 */
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public CreateTopicsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, CreateTopicsRequestData request) {
        Permission may = new Permission(authorizer, context);
        boolean mayCreateAny = may.onCluster(AclOperation.CREATE);
        List<CreatableTopicResult> refused = new ArrayList<>();
        CreatableTopicCollection allowed = new CreatableTopicCollection();
        for (CreatableTopic topic : request.topics()) {
            if (mayCreateAny || may.onTopic(AclOperation.CREATE, topic.name())) {
                allowed.add(topic.duplicate());
            } else {
                refused.add(
                        failed(
                                topic.name(),
                                Errors.TOPIC_AUTHORIZATION_FAILED,
                                Errors.TOPIC_AUTHORIZATION_FAILED.message()));
            }
        }
        if (allowed.isEmpty()) {
            return CompletableFuture.completedFuture(finish(null, refused, may));
        }
        CreateTopicsRequestData authorized = request.duplicate().setTopics(allowed);
        return controller
                .submit(
                        ApiKeys.CREATE_TOPICS,
                        context.apiVersion(),
                        authorized,
                        Forwarding.timeout(request.timeoutMs()))
                .handle(
                        (reply, failure) -> {
                            if (failure == null) {
                                return finish((CreateTopicsResponseData) reply, refused, may);
                            }
                            Errors error = Forwarding.error(failure);
                            allowed.forEach(
                                    t ->
                                            refused.add(
                                                    failed(
                                                            t.name(),
                                                            error,
                                                            Forwarding.message(failure))));
                            return finish(null, refused, may);
                        });
    }

    private static CreateTopicsResponseData finish(
            CreateTopicsResponseData reply, List<CreatableTopicResult> refused, Permission may) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        if (reply != null) {
            for (CreatableTopicResult each : reply.topics()) {
                CreatableTopicResult result = each.duplicate();
                if (result.errorCode() == Errors.NONE.code()
                        && !may.onTopic(AclOperation.DESCRIBE_CONFIGS, result.name())) {
                    result.setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setNumPartitions(-1)
                            .setReplicationFactor((short) -1)
                            .setConfigs(null);
                }
                response.topics().add(result);
            }
        }
        refused.forEach(response.topics()::add);
        return response;
    }

    private static CreatableTopicResult failed(String name, Errors error, String message) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setNumPartitions(-1)
                .setReplicationFactor((short) -1);
    }
}
