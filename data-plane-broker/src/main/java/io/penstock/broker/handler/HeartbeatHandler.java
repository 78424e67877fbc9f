package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A member of a classic group lives, and learns whether the group rebalances. */
public final class HeartbeatHandler implements RequestHandler<HeartbeatRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public HeartbeatHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<HeartbeatResponseData> handle(
            RequestContext context, HeartbeatRequestData request) {
        if (!access.mayRead(context, request.groupId())) {
            return CompletableFuture.completedFuture(failed(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        return coordination
                .heartbeat(context, request)
                .exceptionally(failure -> failed(CoordinatorFailure.errorOf(failure)));
    }

    private static HeartbeatResponseData failed(Errors error) {
        return new HeartbeatResponseData().setErrorCode(error.code());
    }
}
