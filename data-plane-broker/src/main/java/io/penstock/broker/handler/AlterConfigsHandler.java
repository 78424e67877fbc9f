package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replaces all that was set for a resource; the older way of altering. */
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public AlterConfigsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, AlterConfigsRequestData request) {
        Permission may = new Permission(authorizer, context);
        var response = new AlterConfigsResponseData();
        AlterConfigsResourceCollection allowed = new AlterConfigsResourceCollection();
        for (AlterConfigsResource resource : request.resources()) {
            Errors error = may.alterConfigs(resource.resourceType(), resource.resourceName());
            if (error == Errors.NONE) {
                allowed.add(resource.duplicate());
            } else {
                response.responses().add(failed(resource, error, error.message()));
            }
        }
        if (allowed.isEmpty()) {
            return CompletableFuture.completedFuture(response);
        }
        return Forwarding.fill(
                response,
                controller.submit(
                        apiKey(),
                        context.apiVersion(),
                        request.duplicate().setResources(allowed),
                        Forwarding.DEFAULT_TIMEOUT_MILLIS),
                reply ->
                        response.responses().addAll(((AlterConfigsResponseData) reply).responses()),
                (error, message) ->
                        allowed.forEach(
                                resource ->
                                        response.responses()
                                                .add(failed(resource, error, message))));
    }

    private static AlterConfigsResourceResponse failed(
            AlterConfigsResource resource, Errors error, String message) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
