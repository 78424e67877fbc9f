package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Deletes empty groups with their offsets. */
public final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public DeleteGroupsHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<DeleteGroupsResponseData> handle(
            RequestContext context, DeleteGroupsRequestData request) {
        Map<Boolean, List<String>> groups =
                request.groupsNames().stream()
                        .distinct()
                        .collect(
                                Collectors.partitioningBy(
                                        group -> access.mayDelete(context, group)));
        return deleted(context, groups.get(true))
                .thenApply(
                        results -> {
                            for (String group : groups.get(false)) {
                                results.add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
                            }
                            return new DeleteGroupsResponseData().setResults(results);
                        });
    }

    private CompletableFuture<DeletableGroupResultCollection> deleted(
            RequestContext context, List<String> groups) {
        return groups.isEmpty()
                ? CompletableFuture.completedFuture(new DeletableGroupResultCollection())
                : coordination
                        .deleteGroups(context, groups)
                        .exceptionally(failure -> allFailed(groups, failure));
    }

    private static DeletableGroupResultCollection allFailed(
            List<String> groups, Throwable failure) {
        Errors error = CoordinatorFailure.errorOf(failure);
        DeletableGroupResultCollection results = new DeletableGroupResultCollection();
        groups.forEach(group -> results.add(failed(group, error)));
        return results;
    }

    private static DeletableGroupResult failed(String group, Errors error) {
        return new DeletableGroupResult().setGroupId(group).setErrorCode(error.code());
    }
}
