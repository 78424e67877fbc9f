package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Describes classic groups. */
public final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public DescribeGroupsHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<DescribeGroupsResponseData> handle(
            RequestContext context, DescribeGroupsRequestData request) {
        Map<Boolean, List<String>> groups =
                request.groups().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        group -> access.mayDescribe(context, group)));
        return described(context, groups.get(true))
                .thenApply(
                        described -> {
                            List<DescribedGroup> all = new ArrayList<>(described);
                            for (String group : groups.get(false)) {
                                all.add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
                            }
                            if (request.includeAuthorizedOperations()) {
                                all.forEach(group -> addOperations(context, group));
                            }
                            return new DescribeGroupsResponseData().setGroups(all);
                        });
    }

    private CompletableFuture<List<DescribedGroup>> described(
            RequestContext context, List<String> groups) {
        return groups.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : coordination
                        .describeGroups(context, groups)
                        .exceptionally(
                                failure ->
                                        groups.stream()
                                                .map(
                                                        group ->
                                                                failed(
                                                                        group,
                                                                        CoordinatorFailure.errorOf(
                                                                                failure)))
                                                .toList());
    }

    private void addOperations(RequestContext context, DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code()) {
            group.setAuthorizedOperations(access.allowedOperations(context, group.groupId()));
        }
    }

    private static DescribedGroup failed(String group, Errors error) {
        return new DescribedGroup().setGroupId(group).setErrorCode(error.code());
    }
}
