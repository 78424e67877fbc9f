package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * The way of requests that go on to the controller as a whole, and need ALTER on the cluster. A
 * refusal or a failure answers every part of such a request.
 */
record ClusterAlteration(ControllerChannel controller, RequestAuthorizer authorizer) {

    /**
     * @param failed makes the response that gives every part of the request this error and message
     */
    CompletionStage<? extends ApiMessage> forward(
            RequestContext context,
            ApiKeys apiKey,
            ApiMessage request,
            BiFunction<Errors, String, ApiMessage> failed) {
        if (!new Permission(authorizer, context).onCluster(AclOperation.ALTER)) {
            Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
            return CompletableFuture.completedFuture(failed.apply(error, error.message()));
        }
        return controller
                .submit(
                        apiKey,
                        context.apiVersion(),
                        (ApiMessage) request.duplicate(),
                        Forwarding.DEFAULT_TIMEOUT_MILLIS)
                .exceptionally(
                        failure ->
                                failed.apply(
                                        Forwarding.error(failure), Forwarding.message(failure)));
    }
}
