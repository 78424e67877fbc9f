package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A member joins a classic group, or joins it again for a rebalance. */
public final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData> {

    private static final int NO_GENERATION = -1;

    /** Before this version the protocol's name may not be null. */
    private static final int FIRST_VERSION_WITHOUT_PROTOCOL = 7;

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public JoinGroupHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<JoinGroupResponseData> handle(
            RequestContext context, JoinGroupRequestData request) {
        if (context.apiVersion() == 0) {
            // The first version knew one timeout only.
            request.setRebalanceTimeoutMs(request.sessionTimeoutMs());
        }
        CompletableFuture<JoinGroupResponseData> answer =
                access.mayRead(context, request.groupId())
                        ? coordination
                                .joinGroup(context, request)
                                .exceptionally(
                                        failure -> failed(CoordinatorFailure.errorOf(failure)))
                        : CompletableFuture.completedFuture(
                                failed(Errors.GROUP_AUTHORIZATION_FAILED));
        return answer.thenApply(response -> shape(response, context.apiVersion()));
    }

    private static JoinGroupResponseData failed(Errors error) {
        return new JoinGroupResponseData()
                .setErrorCode(error.code())
                .setGenerationId(NO_GENERATION)
                .setProtocolName(null)
                .setLeader("")
                .setMemberId("");
    }

    private static JoinGroupResponseData shape(JoinGroupResponseData response, short version) {
        return version < FIRST_VERSION_WITHOUT_PROTOCOL && response.protocolName() == null
                ? response.setProtocolName("")
                : response;
    }
}
