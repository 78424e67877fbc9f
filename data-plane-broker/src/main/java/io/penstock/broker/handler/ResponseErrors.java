package io.penstock.broker.handler;

import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Finds the error in a response: each kind of response has it in another place. */
final class ResponseErrors {

    private ResponseErrors() {}

    /** Whether the response, or anything it answers for, failed; false for kinds not looked at. */
    static boolean isError(ApiMessage response) {
        return switch (response) {
            case ProduceResponseData produce -> isError(produce);
            case FetchResponseData fetch -> isError(fetch.errorCode()) || isError(fetch);
            case ListOffsetsResponseData offsets ->
                    offsets.topics().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .anyMatch(partition -> isError(partition.errorCode()));
            case MetadataResponseData metadata ->
                    metadata.topics().stream().anyMatch(topic -> isError(topic.errorCode()));
            case CreateTopicsResponseData create ->
                    create.topics().stream().anyMatch(topic -> isError(topic.errorCode()));
            case DeleteTopicsResponseData delete ->
                    delete.responses().stream().anyMatch(topic -> isError(topic.errorCode()));
            case OffsetCommitResponseData commit ->
                    commit.topics().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .anyMatch(partition -> isError(partition.errorCode()));
            case OffsetFetchResponseData fetch ->
                    isError(fetch.errorCode())
                            || fetch.groups().stream().anyMatch(g -> isError(g.errorCode()));
            case JoinGroupResponseData join -> isError(join.errorCode());
            case SyncGroupResponseData sync -> isError(sync.errorCode());
            case HeartbeatResponseData heartbeat -> isError(heartbeat.errorCode());
            case LeaveGroupResponseData leave -> isError(leave.errorCode());
            case ListGroupsResponseData list -> isError(list.errorCode());
            case ConsumerGroupHeartbeatResponseData heartbeat -> isError(heartbeat.errorCode());
            case InitProducerIdResponseData init -> isError(init.errorCode());
            default -> false;
        };
    }

    /** Loops for the two responses of the hot path, where streams are felt. */
    private static boolean isError(ProduceResponseData produce) {
        for (var topic : produce.responses()) {
            for (var partition : topic.partitionResponses()) {
                if (isError(partition.errorCode())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isError(FetchResponseData fetch) {
        for (var topic : fetch.responses()) {
            for (var partition : topic.partitions()) {
                if (isError(partition.errorCode())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isError(short code) {
        return code != Errors.NONE.code();
    }
}
