package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Adds partitions to topics that the principal may ALTER. */
public final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public CreatePartitionsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, CreatePartitionsRequestData request) {
        Permission may = new Permission(authorizer, context);
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        CreatePartitionsTopicCollection allowed = new CreatePartitionsTopicCollection();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (may.onTopic(AclOperation.ALTER, topic.name())) {
                allowed.add(topic.duplicate());
            } else {
                Errors error = Errors.TOPIC_AUTHORIZATION_FAILED;
                response.results().add(failed(topic.name(), error, error.message()));
            }
        }
        if (allowed.isEmpty()) {
            return CompletableFuture.completedFuture(response);
        }
        return controller
                .submit(
                        ApiKeys.CREATE_PARTITIONS,
                        context.apiVersion(),
                        request.duplicate().setTopics(allowed),
                        Forwarding.timeout(request.timeoutMs()))
                .handle(
                        (reply, failure) -> {
                            if (failure == null) {
                                response.results()
                                        .addAll(((CreatePartitionsResponseData) reply).results());
                            } else {
                                Errors error = Forwarding.error(failure);
                                String message = Forwarding.message(failure);
                                allowed.forEach(
                                        t ->
                                                response.results()
                                                        .add(failed(t.name(), error, message)));
                            }
                            return response;
                        });
    }

    private static CreatePartitionsTopicResult failed(String name, Errors error, String message) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
