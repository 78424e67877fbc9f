package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Removes the access control entries that filters match; needs ALTER on the cluster. */
public final class DeleteAclsHandler implements RequestHandler<DeleteAclsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public DeleteAclsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_ACLS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DeleteAclsRequestData request) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed(request, error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.DELETE_ACLS,
                        context.apiVersion(),
                        request.duplicate(),
                        Forwarding.DEFAULT_TIMEOUT_MILLIS)
                .exceptionally(
                        failure ->
                                failed(
                                        request,
                                        Forwarding.error(failure),
                                        Forwarding.message(failure)));
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
