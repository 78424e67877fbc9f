package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Members leave a group, or an operator removes them. */
public final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequestData> {

    /** KIP-345: several members in one request, each with an answer of its own. */
    private static final int FIRST_VERSION_WITH_MEMBERS = 3;

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public LeaveGroupHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<LeaveGroupResponseData> handle(
            RequestContext context, LeaveGroupRequestData request) {
        if (!access.mayRead(context, request.groupId())) {
            return CompletableFuture.completedFuture(failed(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        boolean isSingleMember = context.apiVersion() < FIRST_VERSION_WITH_MEMBERS;
        LeaveGroupRequestData normal =
                isSingleMember
                        ? new LeaveGroupRequestData()
                                .setGroupId(request.groupId())
                                .setMembers(
                                        List.of(
                                                new MemberIdentity()
                                                        .setMemberId(request.memberId())))
                        : request;
        return coordination
                .leaveGroup(context, normal)
                .exceptionally(failure -> failed(CoordinatorFailure.errorOf(failure)))
                .thenApply(response -> isSingleMember ? singleMember(response) : response);
    }

    private static LeaveGroupResponseData failed(Errors error) {
        return new LeaveGroupResponseData().setErrorCode(error.code());
    }

    private static LeaveGroupResponseData singleMember(LeaveGroupResponseData response) {
        boolean isMembersFault =
                response.errorCode() == Errors.NONE.code() && !response.members().isEmpty();
        short error =
                isMembersFault ? response.members().getFirst().errorCode() : response.errorCode();
        return new LeaveGroupResponseData().setErrorCode(error);
    }
}
