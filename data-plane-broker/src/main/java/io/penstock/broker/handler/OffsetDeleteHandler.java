package io.penstock.broker.handler;

import io.penstock.broker.group.CoordinatorFailure;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes a group's offsets of partitions it is not subscribed to. */
public final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequestData> {

    private final GroupCoordination coordination;
    private final MetadataCache metadata;
    private final GroupAccess access;

    public OffsetDeleteHandler(
            GroupCoordination coordination, MetadataCache metadata, GroupAccess access) {
        this.coordination = coordination;
        this.metadata = metadata;
        this.access = access;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<OffsetDeleteResponseData> handle(
            RequestContext context, OffsetDeleteRequestData request) {
        if (!access.mayDelete(context, request.groupId())) {
            return CompletableFuture.completedFuture(failed(Errors.GROUP_AUTHORIZATION_FAILED));
        }
        OffsetDeleteRequestTopicCollection deletable = new OffsetDeleteRequestTopicCollection();
        List<OffsetDeleteResponseTopic> refused = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            if (!access.mayReadTopic(context, topic.name())) {
                refused.add(failed(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
            } else if (metadata.current().topic(topic.name()).isEmpty()) {
                refused.add(failed(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            } else {
                deletable.add(topic.duplicate());
            }
        }
        // Also with no topic left: the coordinator says whether there is such a group.
        return coordination
                .deleteOffsets(
                        context,
                        new OffsetDeleteRequestData()
                                .setGroupId(request.groupId())
                                .setTopics(deletable))
                .exceptionally(failure -> failed(CoordinatorFailure.errorOf(failure)))
                .thenApply(
                        response -> {
                            if (response.errorCode() == Errors.NONE.code()) {
                                refused.forEach(response.topics()::add);
                            }
                            return response;
                        });
    }

    private static OffsetDeleteResponseData failed(Errors error) {
        return new OffsetDeleteResponseData().setErrorCode(error.code());
    }

    private static OffsetDeleteResponseTopic failed(OffsetDeleteRequestTopic topic, Errors error) {
        OffsetDeleteResponseTopic response = new OffsetDeleteResponseTopic().setName(topic.name());
        topic.partitions()
                .forEach(
                        partition ->
                                response.partitions()
                                        .add(
                                                new OffsetDeleteResponsePartition()
                                                        .setPartitionIndex(
                                                                partition.partitionIndex())
                                                        .setErrorCode(error.code())));
        return response;
    }
}
