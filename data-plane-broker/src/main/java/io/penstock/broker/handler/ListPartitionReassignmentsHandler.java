package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Moves of replicas that are under way, as the controller knows them: a reassignment that another
 * broker took a moment ago must show. Needs DESCRIBE on the cluster.
 */
public final class ListPartitionReassignmentsHandler
        implements RequestHandler<ListPartitionReassignmentsRequestData> {

    private final ControllerChannel controller;
    private final RequestAuthorizer authorizer;

    public ListPartitionReassignmentsHandler(
            ControllerChannel controller, RequestAuthorizer authorizer) {
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, ListPartitionReassignmentsRequestData request) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.DESCRIBE)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed(error, error.message()));
        }
        return controller
                .submit(
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        context.apiVersion(),
                        request.duplicate(),
                        Forwarding.timeout(request.timeoutMs()))
                .exceptionally(
                        failure -> failed(Forwarding.error(failure), Forwarding.message(failure)));
    }

    private static ListPartitionReassignmentsResponseData failed(Errors error, String message) {
        return new ListPartitionReassignmentsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
