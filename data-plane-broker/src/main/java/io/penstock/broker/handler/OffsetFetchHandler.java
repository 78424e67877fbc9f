package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Committed offsets of one or several groups: of named partitions, or of all that have any. */
public final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequestData> {

    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;
    private static final long NO_OFFSET = -1;

    private final GroupCoordination coordination;
    private final MetadataCache metadata;
    private final GroupAccess access;

    public OffsetFetchHandler(
            GroupCoordination coordination, MetadataCache metadata, GroupAccess access) {
        this.coordination = coordination;
        this.metadata = metadata;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<OffsetFetchResponseData> handle(
            RequestContext context, OffsetFetchRequestData request) {
        List<CompletableFuture<OffsetFetchResponseGroup>> fetches =
                OffsetFetchShape.groups(request, context.apiVersion()).stream()
                        .map(group -> fetch(context, group, request.requireStable()))
                        .toList();
        return CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new))
                .thenApply(
                        done ->
                                OffsetFetchShape.response(
                                        fetches.stream().map(CompletableFuture::join).toList(),
                                        request,
                                        context.apiVersion()));
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        if (!access.mayDescribe(context, group.groupId())) {
            return CompletableFuture.completedFuture(
                    failed(group, Errors.GROUP_AUTHORIZATION_FAILED));
        }
        return group.topics() == null
                ? fetchAll(context, group, requireStable)
                : fetchNamed(context, group, requireStable);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetchAll(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        return ask(context, group, requireStable)
                .thenApply(
                        response -> {
                            if (response.errorCode() != Errors.NONE.code()) {
                                return response;
                            }
                            ClusterImage image = metadata.current();
                            List<OffsetFetchResponseTopics> visible = new ArrayList<>();
                            for (OffsetFetchResponseTopics topic : response.topics()) {
                                boolean hasId = identify(context, image, topic);
                                if (hasId && access.mayDescribeTopic(context, topic.name())) {
                                    visible.add(topic);
                                }
                            }
                            return response.setTopics(visible);
                        });
    }

    /** Sets the topic's id where this version speaks of ids; false when the topic has gone. */
    private static boolean identify(
            RequestContext context, ClusterImage image, OffsetFetchResponseTopics topic) {
        if (context.apiVersion() < FIRST_VERSION_WITH_TOPIC_IDS) {
            return true;
        }
        Optional<TopicState> state = image.topic(topic.name());
        state.ifPresent(known -> topic.setTopicId(known.id()));
        return state.isPresent();
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetchNamed(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        boolean usesTopicIds = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        ClusterImage image = metadata.current();
        List<OffsetFetchRequestTopics> fetchable = new ArrayList<>();
        List<OffsetFetchResponseTopics> refused = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            if (usesTopicIds) {
                Optional<TopicState> state = image.topic(topic.topicId());
                if (state.isEmpty()) {
                    refused.add(failed(topic, Errors.UNKNOWN_TOPIC_ID));
                    continue;
                }
                topic.setName(state.get().name());
            }
            if (access.mayDescribeTopic(context, topic.name())) {
                fetchable.add(topic);
            } else {
                refused.add(failed(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        return ask(context, group.duplicate().setTopics(fetchable), requireStable)
                .thenApply(response -> withRefused(response, refused));
    }

    private static OffsetFetchResponseGroup withRefused(
            OffsetFetchResponseGroup response, List<OffsetFetchResponseTopics> refused) {
        if (response.errorCode() != Errors.NONE.code() || refused.isEmpty()) {
            return response;
        }
        List<OffsetFetchResponseTopics> topics = new ArrayList<>(response.topics());
        topics.addAll(refused);
        return response.setTopics(topics);
    }

    private CompletableFuture<OffsetFetchResponseGroup> ask(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        return coordination
                .fetchOffsets(context, group, requireStable)
                .exceptionally(failure -> failed(group, CoordinatorFailure.errorOf(failure)));
    }

    private static OffsetFetchResponseGroup failed(OffsetFetchRequestGroup group, Errors error) {
        return new OffsetFetchResponseGroup()
                .setGroupId(group.groupId())
                .setErrorCode(error.code());
    }

    private static OffsetFetchResponseTopics failed(OffsetFetchRequestTopics topic, Errors error) {
        OffsetFetchResponseTopics response =
                new OffsetFetchResponseTopics().setTopicId(topic.topicId()).setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            response.partitions()
                    .add(
                            new OffsetFetchResponsePartitions()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(NO_OFFSET)
                                    .setMetadata("")
                                    .setErrorCode(error.code()));
        }
        return response;
    }
}
