package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

import java.util.concurrent.CompletionStage;

/** The groups that this broker coordinates, as far as the principal may see them. */
public final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public ListGroupsHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ListGroupsResponseData> handle(
            RequestContext context, ListGroupsRequestData request) {
        return coordination
                .listGroups(context, request)
                .exceptionally(
                        failure ->
                                new ListGroupsResponseData()
                                        .setErrorCode(CoordinatorFailure.errorOf(failure).code()))
                .thenApply(response -> visible(context, response));
    }

    private ListGroupsResponseData visible(
            RequestContext context, ListGroupsResponseData response) {
        return access.mayDescribeCluster(context)
                ? response
                : response.setGroups(
                        response.groups().stream()
                                .filter(group -> access.mayDescribe(context, group.groupId()))
                                .toList());
    }
}
