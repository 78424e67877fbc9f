package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one request of the newer group protocol (KIP-848): joins, stays, is assigned, leaves. */
public final class ConsumerGroupHeartbeatHandler
        implements RequestHandler<ConsumerGroupHeartbeatRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public ConsumerGroupHeartbeatHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ConsumerGroupHeartbeatResponseData> handle(
            RequestContext context, ConsumerGroupHeartbeatRequestData request) {
        if (!access.mayRead(context, request.groupId())) {
            return CompletableFuture.completedFuture(failed(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        // What a regular expression matches is checked where it is resolved.
        if (request.subscribedTopicNames() != null
                && !request.subscribedTopicNames().stream()
                        .allMatch(topic -> access.mayDescribeTopic(context, topic))) {
            return CompletableFuture.completedFuture(failed(Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        return coordination
                .consumerGroupHeartbeat(context, request)
                .exceptionally(failure -> failed(CoordinatorFailure.errorOf(failure)));
    }

    private static ConsumerGroupHeartbeatResponseData failed(Errors error) {
        return new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
