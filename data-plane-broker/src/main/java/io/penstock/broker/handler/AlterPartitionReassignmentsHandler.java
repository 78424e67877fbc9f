package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Begins and cancels moves of replicas (KIP-455); needs ALTER on the cluster. */
public final class AlterPartitionReassignmentsHandler
        implements RequestHandler<AlterPartitionReassignmentsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public AlterPartitionReassignmentsHandler(
            ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, AlterPartitionReassignmentsRequestData request) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed(error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        context.apiVersion(),
                        request.duplicate(),
                        Forwarding.timeout(request.timeoutMs()))
                .exceptionally(
                        failure -> failed(Forwarding.error(failure), Forwarding.message(failure)));
    }

    private static AlterPartitionReassignmentsResponseData failed(Errors error, String message) {
        return new AlterPartitionReassignmentsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
