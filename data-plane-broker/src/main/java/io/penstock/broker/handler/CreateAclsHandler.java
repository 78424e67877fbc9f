package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletionStage;

/** Adds access control entries; needs ALTER on the cluster. */
public final class CreateAclsHandler implements RequestHandler<CreateAclsRequestData> {

    private final ClusterAlteration alteration;

    public CreateAclsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.alteration = new ClusterAlteration(controller, authorizer);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_ACLS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, CreateAclsRequestData request) {
        return alteration.forward(
                context, apiKey(), request, (error, message) -> failed(request, error, message));
    }

    private static CreateAclsResponseData failed(
            CreateAclsRequestData request, Errors error, String message) {
        CreateAclsResponseData response = new CreateAclsResponseData();
        request.creations()
                .forEach(
                        creation ->
                                response.results()
                                        .add(
                                                new AclCreationResult()
                                                        .setErrorCode(error.code())
                                                        .setErrorMessage(message)));
        return response;
    }
}
