package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A group's progress. What may be committed goes to the coordinator, the rest is answered here. */
public final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequestData> {

    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCoordination coordination;
    private final MetadataCache metadata;
    private final GroupAccess access;

    public OffsetCommitHandler(
            GroupCoordination coordination, MetadataCache metadata, GroupAccess access) {
        this.coordination = coordination;
        this.metadata = metadata;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<OffsetCommitResponseData> handle(
            RequestContext context, OffsetCommitRequestData request) {
        if (!access.mayRead(context, request.groupId())) {
            return CompletableFuture.completedFuture(
                    new OffsetCommitResponseData()
                            .setTopics(
                                    failed(request.topics(), Errors.GROUP_AUTHORIZATION_FAILED)));
        }
        Sorted sorted = sort(context, request);
        OffsetCommitResponseData response =
                new OffsetCommitResponseData().setTopics(new ArrayList<>(sorted.answered()));
        if (sorted.committable().isEmpty()) {
            return CompletableFuture.completedFuture(response);
        }
        return coordination
                .commitOffsets(context, request.duplicate().setTopics(sorted.committable()))
                .thenApply(OffsetCommitResponseData::topics)
                .exceptionally(
                        failure ->
                                failed(sorted.committable(), CoordinatorFailure.errorOf(failure)))
                .thenApply(committed -> merge(response, committed));
    }

    private record Sorted(
            List<OffsetCommitRequestTopic> committable, List<OffsetCommitResponseTopic> answered) {}

    private Sorted sort(RequestContext context, OffsetCommitRequestData request) {
        ClusterImage image = metadata.current();
        boolean usesTopicIds = context.apiVersion() >= FIRST_VERSION_WITH_TOPIC_IDS;
        List<OffsetCommitRequestTopic> committable = new ArrayList<>();
        List<OffsetCommitResponseTopic> answered = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            TopicState state =
                    (usesTopicIds ? image.topic(topic.topicId()) : image.topic(topic.name()))
                            .orElse(null);
            if (usesTopicIds && state == null) {
                answered.add(failed(topic, Errors.UNKNOWN_TOPIC_ID));
                continue;
            }
            topic.setName(usesTopicIds ? state.name() : topic.name());
            if (!access.mayReadTopic(context, topic.name())) {
                answered.add(failed(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
            } else if (state == null) {
                answered.add(failed(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            } else {
                sortPartitions(topic, state, committable, answered);
            }
        }
        return new Sorted(committable, answered);
    }

    private static void sortPartitions(
            OffsetCommitRequestTopic topic,
            TopicState state,
            List<OffsetCommitRequestTopic> committable,
            List<OffsetCommitResponseTopic> answered) {
        OffsetCommitRequestTopic known = emptyCopy(topic);
        OffsetCommitRequestTopic unknown = emptyCopy(topic);
        topic.partitions()
                .forEach(
                        partition -> {
                            int index = partition.partitionIndex();
                            boolean exists = index >= 0 && index < state.partitions().size();
                            (exists ? known : unknown).partitions().add(partition);
                        });
        if (!known.partitions().isEmpty()) {
            committable.add(known);
        }
        if (!unknown.partitions().isEmpty()) {
            answered.add(failed(unknown, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    private static OffsetCommitRequestTopic emptyCopy(OffsetCommitRequestTopic topic) {
        return new OffsetCommitRequestTopic()
                .setTopicId(topic.topicId())
                .setName(topic.name())
                .setPartitions(new ArrayList<>());
    }

    /** A topic appears once in a response, though its partitions were answered in two places. */
    private static OffsetCommitResponseData merge(
            OffsetCommitResponseData response, List<OffsetCommitResponseTopic> committed) {
        for (OffsetCommitResponseTopic topic : committed) {
            response.topics().stream()
                    .filter(
                            other ->
                                    other.name().equals(topic.name())
                                            && other.topicId().equals(topic.topicId()))
                    .findFirst()
                    .ifPresentOrElse(
                            other -> other.partitions().addAll(topic.partitions()),
                            () -> response.topics().add(topic));
        }
        return response;
    }

    private static List<OffsetCommitResponseTopic> failed(
            List<OffsetCommitRequestTopic> topics, Errors error) {
        return topics.stream().map(topic -> failed(topic, error)).toList();
    }

    private static OffsetCommitResponseTopic failed(OffsetCommitRequestTopic topic, Errors error) {
        OffsetCommitResponseTopic response =
                new OffsetCommitResponseTopic().setTopicId(topic.topicId()).setName(topic.name());
        topic.partitions()
                .forEach(
                        partition ->
                                response.partitions()
                                        .add(
                                                new OffsetCommitResponsePartition()
                                                        .setPartitionIndex(
                                                                partition.partitionIndex())
                                                        .setErrorCode(error.code())));
        return response;
    }
}
