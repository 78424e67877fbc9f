package io.penstock.broker.handler;

import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says which broker coordinates a group. Transactions and share groups have no coordinator yet. */
public final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData> {

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final int NO_BROKER = -1;

    /** KIP-699: several keys in one request. */
    private static final int FIRST_VERSION_WITH_KEYS = 4;

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public FindCoordinatorHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<FindCoordinatorResponseData> handle(
            RequestContext context, FindCoordinatorRequestData request) {
        if (context.apiVersion() < FIRST_VERSION_WITH_KEYS) {
            return find(context, request.keyType(), request.key())
                    .thenApply(FindCoordinatorHandler::singleKey);
        }
        List<CompletableFuture<Coordinator>> searches =
                request.coordinatorKeys().stream()
                        .map(key -> find(context, request.keyType(), key))
                        .toList();
        return CompletableFuture.allOf(searches.toArray(CompletableFuture[]::new))
                .thenApply(
                        done ->
                                new FindCoordinatorResponseData()
                                        .setCoordinators(
                                                searches.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList()));
    }

    private CompletableFuture<Coordinator> find(RequestContext context, byte type, String key) {
        return switch (type) {
            case GROUP ->
                    access.mayDescribe(context, key)
                            ? coordination.find(key).thenApply(found -> answer(context, key, found))
                            : refused(key, Errors.GROUP_AUTHORIZATION_FAILED);
            case TRANSACTION ->
                    refused(
                            key,
                            access.mayDescribeTransactionalId(context, key)
                                    ? Errors.COORDINATOR_NOT_AVAILABLE
                                    : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            default -> refused(key, Errors.INVALID_REQUEST);
        };
    }

    private static Coordinator answer(
            RequestContext context, String key, Optional<BrokerRegistration> broker) {
        Optional<Endpoint> endpoint =
                broker.flatMap(registration -> registration.endpoint(context.listener()));
        return endpoint.map(
                        found ->
                                new Coordinator()
                                        .setKey(key)
                                        .setNodeId(broker.orElseThrow().id())
                                        .setHost(found.host())
                                        .setPort(found.port())
                                        .setErrorCode(Errors.NONE.code())
                                        .setErrorMessage(""))
                .orElseGet(() -> failed(key, Errors.COORDINATOR_NOT_AVAILABLE));
    }

    private static CompletableFuture<Coordinator> refused(String key, Errors error) {
        return CompletableFuture.completedFuture(failed(key, error));
    }

    private static Coordinator failed(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(NO_BROKER)
                .setHost("")
                .setPort(NO_BROKER)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private static FindCoordinatorResponseData singleKey(Coordinator coordinator) {
        return new FindCoordinatorResponseData()
                .setNodeId(coordinator.nodeId())
                .setHost(coordinator.host())
                .setPort(coordinator.port())
                .setErrorCode(coordinator.errorCode())
                .setErrorMessage(coordinator.errorMessage());
    }
}
