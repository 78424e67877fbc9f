package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Sets and removes SCRAM credentials; needs ALTER on the cluster. */
public final class AlterUserScramCredentialsHandler
        implements RequestHandler<AlterUserScramCredentialsRequestData> {

    private final ClusterAlteration alteration;

    public AlterUserScramCredentialsHandler(
            ControllerChannel controller, RequestAuthorizer authorizer) {
        this.alteration = new ClusterAlteration(controller, authorizer);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, AlterUserScramCredentialsRequestData request) {
        return alteration.forward(
                context, apiKey(), request, (error, message) -> failed(request, error, message));
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
