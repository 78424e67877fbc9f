package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Sets and removes SCRAM credentials; needs ALTER on the cluster. */
public final class AlterUserScramCredentialsHandler
        implements RequestHandler<AlterUserScramCredentialsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public AlterUserScramCredentialsHandler(
            ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, AlterUserScramCredentialsRequestData request) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed(request, error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
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

    private static AlterUserScramCredentialsResponseData failed(
            AlterUserScramCredentialsRequestData request, Errors error, String message) {
        AlterUserScramCredentialsResponseData response =
                new AlterUserScramCredentialsResponseData();
        Stream.concat(
                        request.deletions().stream().map(ScramCredentialDeletion::name),
                        request.upsertions().stream().map(ScramCredentialUpsertion::name))
                .distinct()
                .forEach(
                        user ->
                                response.results()
                                        .add(
                                                new AlterUserScramCredentialsResult()
                                                        .setUser(user)
                                                        .setErrorCode(error.code())
                                                        .setErrorMessage(message)));
        return response;
    }
}
