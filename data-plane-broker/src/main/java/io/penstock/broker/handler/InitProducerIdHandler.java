package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives an idempotent producer its id. Transactional ones need a coordinator, which answers. */
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {

    private final ProducerIds producerIds;
    private final RequestAuthorizer authorizer;

    public InitProducerIdHandler(ControllerChannel controller, RequestAuthorizer authorizer) {
        this.producerIds = new ProducerIds(controller);
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            RequestContext context, InitProducerIdRequestData request) {
        if (request.transactionalId() != null) {
            return CompletableFuture.completedFuture(refused(transactional(context, request)));
        }
        // KIP-679: who may write anywhere may be idempotent.
        boolean allowed =
                authorizer.isAllowed(
                                context,
                                AclOperation.IDEMPOTENT_WRITE,
                                ResourceType.CLUSTER,
                                Resource.CLUSTER_NAME)
                        || authorizer.isAllowedOnAny(
                                context, AclOperation.WRITE, ResourceType.TOPIC);
        if (!allowed) {
            return CompletableFuture.completedFuture(refused(Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        return producerIds
                .next()
                .handle(
                        (id, failure) ->
                                failure == null
                                        ? new InitProducerIdResponseData()
                                                .setProducerId(id)
                                                .setProducerEpoch((short) 0)
                                        : refused(Errors.COORDINATOR_NOT_AVAILABLE));
    }

    private Errors transactional(RequestContext context, InitProducerIdRequestData request) {
        if (request.transactionalId().isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        return authorizer.isAllowed(
                        context,
                        AclOperation.WRITE,
                        ResourceType.TRANSACTIONAL_ID,
                        request.transactionalId())
                ? Errors.COORDINATOR_NOT_AVAILABLE
                : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }

    private static InitProducerIdResponseData refused(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
