package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** By name or by id. Who may not describe a topic learns of its id or name nothing. */
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData> {

    private static final short FIRST_VERSION_WITH_IDS = 6;

    private final MetadataCache metadata;
    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public DeleteTopicsHandler(
            MetadataCache metadata, ControllerChannel controller, RequestAuthorizer authorizer) {
        this.metadata = metadata;
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DeleteTopicsRequestData request) {
        List<DeleteTopicState> wanted = new ArrayList<>();
        if (context.apiVersion() < FIRST_VERSION_WITH_IDS) {
            request.topicNames().forEach(n -> wanted.add(new DeleteTopicState().setName(n)));
        } else {
            request.topics().forEach(t -> wanted.add(t.duplicate()));
        }
        Permission may = new Permission(authorizer, context);
        ClusterImage image = metadata.current();
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        List<DeleteTopicState> allowed = new ArrayList<>();
        for (DeleteTopicState each : wanted) {
            Errors error = refusal(image, may, each);
            if (error == Errors.NONE) {
                allowed.add(each);
            } else {
                response.responses().add(failed(each, error, error.message()));
            }
        }
        if (allowed.isEmpty()) {
            return CompletableFuture.completedFuture(response);
        }
        DeleteTopicsRequestData authorized =
                new DeleteTopicsRequestData().setTopics(allowed).setTimeoutMs(request.timeoutMs());
        return controller
                .submit(
                        ApiKeys.DELETE_TOPICS,
                        FIRST_VERSION_WITH_IDS,
                        authorized,
                        Forwarding.timeout(request.timeoutMs()))
                .handle(
                        (reply, failure) -> {
                            if (failure == null) {
                                ((DeleteTopicsResponseData) reply)
                                        .responses()
                                        .forEach(r -> response.responses().add(r.duplicate()));
                            } else {
                                Errors error = Forwarding.error(failure);
                                String message = Forwarding.message(failure);
                                allowed.forEach(
                                        t -> response.responses().add(failed(t, error, message)));
                            }
                            return response;
                        });
    }

    private static Errors refusal(ClusterImage image, Permission may, DeleteTopicState topic) {
        boolean byId = topic.name() == null;
        if (!byId && !topic.topicId().equals(Uuid.ZERO_UUID)) {
            return Errors.INVALID_REQUEST;
        }
        String name =
                byId
                        ? image.topic(topic.topicId()).map(TopicState::name).orElse(null)
                        : topic.name();
        if (name == null || may.onTopic(AclOperation.DELETE, name)) {
            return Errors.NONE;
        }
        return byId && !may.onTopic(AclOperation.DESCRIBE, name)
                ? Errors.UNKNOWN_TOPIC_ID
                : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private static DeletableTopicResult failed(
            DeleteTopicState topic, Errors error, String message) {
        return new DeletableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
