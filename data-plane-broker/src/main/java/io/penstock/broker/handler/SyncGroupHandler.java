package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A member of a classic group asks for its assignment; the leader brings all of them. */
public final class SyncGroupHandler implements RequestHandler<SyncGroupRequestData> {

    /** KIP-559: from here on type and name of the protocol must be given. */
    private static final int FIRST_VERSION_WITH_PROTOCOL = 5;

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public SyncGroupHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public CompletionStage<SyncGroupResponseData> handle(
            RequestContext context, SyncGroupRequestData request) {
        if (context.apiVersion() >= FIRST_VERSION_WITH_PROTOCOL
                && (request.protocolType() == null || request.protocolName() == null)) {
            return CompletableFuture.completedFuture(failed(Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        if (!access.mayRead(context, request.groupId())) {
            return CompletableFuture.completedFuture(failed(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        return coordination
                .syncGroup(context, request)
                .exceptionally(failure -> failed(CoordinatorFailure.errorOf(failure)));
    }

    private static SyncGroupResponseData failed(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
