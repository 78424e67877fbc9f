package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sets, deletes, and edits lists in dynamic configurations (KIP-339). */
public final class IncrementalAlterConfigsHandler
        implements RequestHandler<IncrementalAlterConfigsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public IncrementalAlterConfigsHandler(
            ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, IncrementalAlterConfigsRequestData request) {
        Permission may = new Permission(authorizer, context);
        var response = new IncrementalAlterConfigsResponseData();
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
                        response.responses()
                                .addAll(((IncrementalAlterConfigsResponseData) reply).responses()),
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
