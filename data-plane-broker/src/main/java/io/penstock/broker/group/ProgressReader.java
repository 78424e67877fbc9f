package io.penstock.broker.group;

import io.penstock.broker.group.GroupProgress.Committed;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the coordinator, as the broker itself, what its groups have committed. */
final class ProgressReader {

    private static final String BROKER = "broker";

    private final GroupCoordination coordination;

    ProgressReader(GroupCoordination coordination) {
        this.coordination = coordination;
    }

    /** Groups that cannot be asked now are left out. */
    CompletableFuture<GroupProgress> read() {
        return coordination
                .listGroups(context(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())
                .exceptionally(
                        failure ->
                                new ListGroupsResponseData()
                                        .setErrorCode(CoordinatorFailure.errorOf(failure).code()))
                .thenCompose(response -> offsets(response.groups()));
    }

    private CompletableFuture<GroupProgress> offsets(List<ListedGroup> groups) {
        Map<String, Long> byState =
                groups.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ListedGroup::groupState,
                                        TreeMap::new,
                                        Collectors.counting()));
        List<CompletableFuture<List<Committed>>> fetches =
                groups.stream().map(group -> committed(group.groupId())).toList();
        return CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new))
                .thenApply(
                        done ->
                                new GroupProgress(
                                        byState,
                                        fetches.stream()
                                                .flatMap(fetch -> fetch.join().stream())
                                                .toList()));
    }

    private CompletableFuture<List<Committed>> committed(String group) {
        return coordination
                .fetchOffsets(
                        context(ApiKeys.OFFSET_FETCH),
                        new OffsetFetchRequestGroup().setGroupId(group).setTopics(null),
                        false)
                .handle((response, failure) -> failure == null ? read(response) : List.of());
    }

    private static List<Committed> read(OffsetFetchResponseGroup response) {
        if (response.errorCode() != Errors.NONE.code()) {
            return List.of();
        }
        return response.topics().stream()
                .flatMap(
                        topic ->
                                topic.partitions().stream()
                                        .filter(partition -> partition.committedOffset() >= 0)
                                        .flatMap(
                                                partition ->
                                                        Stream.of(
                                                                new Committed(
                                                                        response.groupId(),
                                                                        new TopicPartition(
                                                                                topic.name(),
                                                                                partition
                                                                                        .partitionIndex()),
                                                                        partition
                                                                                .committedOffset()))))
                .toList();
    }

    private static RequestContext context(ApiKeys api) {
        // Before the version with topic ids, so that names are asked for and answered.
        short version = api == ApiKeys.OFFSET_FETCH ? 9 : api.latestVersion();
        return new RequestContext(
                api,
                version,
                0,
                BROKER,
                BROKER,
                BROKER,
                SecurityProtocol.PLAINTEXT,
                new KafkaPrincipal(KafkaPrincipal.USER_TYPE, BROKER),
                InetAddress.getLoopbackAddress());
    }
}
