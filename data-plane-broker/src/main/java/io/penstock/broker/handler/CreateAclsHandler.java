package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Adds access control entries; needs ALTER on the cluster. */
public final class CreateAclsHandler implements RequestHandler<CreateAclsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public CreateAclsHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_ACLS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, CreateAclsRequestData request) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed(request, error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.CREATE_ACLS,
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
