package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletionStage;

/** Removes the access control entries that filters match; needs ALTER on the cluster. */
public final class DeleteAclsHandler implements RequestHandler<DeleteAclsRequestData> {

    private final ClusterAlteration alteration;

    public DeleteAclsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.alteration = new ClusterAlteration(controller, authorizer);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_ACLS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DeleteAclsRequestData request) {
        return alteration.forward(
                context, apiKey(), request, (error, message) -> failed(request, error, message));
    }

    private static DeleteAclsResponseData failed(
            DeleteAclsRequestData request, Errors error, String message) {
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        request.filters()
                .forEach(
                        filter ->
                                response.filterResults()
                                        .add(
                                                new DeleteAclsFilterResult()
                                                        .setErrorCode(error.code())
                                                        .setErrorMessage(message)));
        return response;
    }
}
