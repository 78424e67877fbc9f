package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes groups of the newer protocol (KIP-848). */
public final class ConsumerGroupDescribeHandler
        implements RequestHandler<ConsumerGroupDescribeRequestData> {

    private final GroupCoordination coordination;
    private final GroupAccess access;

    public ConsumerGroupDescribeHandler(GroupCoordination coordination, GroupAccess access) {
        this.coordination = coordination;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<ConsumerGroupDescribeResponseData> handle(
            RequestContext context, ConsumerGroupDescribeRequestData request) {
        Map<Boolean, List<String>> groups =
                request.groupIds().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        group -> access.mayDescribe(context, group)));
        return described(context, groups.get(true))
                .thenApply(
                        described -> {
                            List<DescribedGroup> all = new ArrayList<>();
                            for (DescribedGroup group : described) {
                                all.add(visible(context, group));
                            }
                            for (String group : groups.get(false)) {
                                all.add(failed(group, Errors.GROUP_AUTHORIZATION_FAILED, null));
                            }
                            if (request.includeAuthorizedOperations()) {
                                all.forEach(group -> addOperations(context, group));
                            }
                            return new ConsumerGroupDescribeResponseData().setGroups(all);
                        });
    }

    private CompletableFuture<List<DescribedGroup>> described(
            RequestContext context, List<String> groups) {
        return groups.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : coordination
                        .consumerGroupDescribe(context, groups)
                        .exceptionally(failure -> allFailed(groups, failure));
    }

    private static List<DescribedGroup> allFailed(List<String> groups, Throwable failure) {
        Errors error = CoordinatorFailure.errorOf(failure);
        return groups.stream().map(group -> failed(group, error, null)).toList();
    }

    /** A group is shown whole or not at all: half an assignment would mislead. */
    private DescribedGroup visible(RequestContext context, DescribedGroup group) {
        boolean isVisible =
                group.members().stream()
                        .flatMap(
                                member -> Stream.of(member.assignment(), member.targetAssignment()))
                        .flatMap(assignment -> assignment.topicPartitions().stream())
                        .map(TopicPartitions::topicName)
                        .distinct()
                        .allMatch(topic -> access.mayDescribeTopic(context, topic));
        return isVisible
                ? group
                : failed(
                        group.groupId(),
                        Errors.TOPIC_AUTHORIZATION_FAILED,
                        "The group has described topic(s) that the client is not authorized to"
                                + " describe.");
    }

    private void addOperations(RequestContext context, DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code()) {
            group.setAuthorizedOperations(access.allowedOperations(context, group.groupId()));
        }
    }

    private static DescribedGroup failed(String group, Errors error, String message) {
        return new DescribedGroup()
                .setGroupId(group)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
