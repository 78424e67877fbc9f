package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.scram.ScramCredential;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which users have which SCRAM credentials, never the credentials; needs DESCRIBE on the cluster.
 */
public final class DescribeUserScramCredentialsHandler
        implements RequestHandler<DescribeUserScramCredentialsRequestData> {

    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;

    public DescribeUserScramCredentialsHandler(
            MetadataCache metadata, RequestAuthorizer authorizer) {
        this.metadata = metadata;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DescribeUserScramCredentialsRequestData request) {
        var response = new DescribeUserScramCredentialsResponseData();
        if (!new Permission(authorizer, context).onCluster(AclOperation.DESCRIBE)) {
            return CompletableFuture.completedFuture(
                    response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code())
                            .setErrorMessage(Errors.CLUSTER_AUTHORIZATION_FAILED.message()));
        }
        Map<String, Map<String, ScramCredential>> scram = metadata.current().scram();
        boolean all = request.users() == null || request.users().isEmpty();
        List<String> asked =
                all ? List.of() : request.users().stream().map(UserName::name).toList();
        Collection<String> users = new TreeSet<>(all ? scram.keySet() : asked);
        for (String user : users) {
            var result = new DescribeUserScramCredentialsResult().setUser(user);
            if (Collections.frequency(asked, user) > 1) {
                result.setErrorCode(Errors.DUPLICATE_RESOURCE.code())
                        .setErrorMessage("the request names the user twice");
            } else if (!scram.containsKey(user)) {
                result.setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
                        .setErrorMessage("the user has no SCRAM credential");
            } else {
                scram.get(user)
                        .forEach(
                                (mechanism, credential) ->
                                        result.credentialInfos().add(info(mechanism, credential)));
            }
            response.results().add(result);
        }
        return CompletableFuture.completedFuture(response);
    }

    private static CredentialInfo info(String mechanism, ScramCredential credential) {
        return new CredentialInfo()
                .setMechanism(ScramMechanism.fromMechanismName(mechanism).type())
                .setIterations(credential.iterations());
    }
}
