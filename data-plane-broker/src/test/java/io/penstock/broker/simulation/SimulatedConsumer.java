package io.penstock.broker.simulation;

import io.penstock.broker.log.RecordBatchHeader;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.protocol.SentRecords;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Reads one partition from its beginning, from the leader or from any replica. */
final class SimulatedConsumer {

    private static final Duration RETRY = Duration.ofMillis(80);
    private static final int MAX_WAIT_MILLIS = 500;
    private static final int MAX_BYTES = 4_096;

    private final SimulatedClient client;
    private final InvariantChecker checker;
    private final TopicIdPartition partition;
    private final boolean fromFollowers;
    private long position;
    private boolean retired;

    SimulatedConsumer(
            SimulatedClient client,
            InvariantChecker checker,
            TopicIdPartition partition,
            boolean fromFollowers) {
        this.client = client;
        this.checker = checker;
        this.partition = partition;
        this.fromFollowers = fromFollowers;
    }

    long position() {
        return position;
    }

    /** Its topic is no more. */
    void retire() {
        retired = true;
    }

    void start() {
        if (retired) {
            return;
        }
        client.describe(partition)
                .whenComplete(
                        (state, failure) -> {
                            int replica = failure == null ? state.map(this::choose).orElse(-1) : -1;
                            if (replica < 0) {
                                again();
                            } else {
                                fetch(replica, state.orElseThrow().leaderEpoch());
                            }
                        });
    }

    private int choose(PartitionState state) {
        return fromFollowers
                ? state.replicas().get(client.random().nextInt(state.replicas().size()))
                : state.leader();
    }

    private void again() {
        client.scheduler().schedule(RETRY, this::start);
    }

    private void fetch(int replica, int leaderEpoch) {
        FetchRequestData request =
                new FetchRequestData()
                        .setMaxWaitMs(MAX_WAIT_MILLIS)
                        .setMinBytes(1)
                        .setMaxBytes(MAX_BYTES)
                        .setSessionEpoch(-1)
                        .setTopics(
                                List.of(
                                        new FetchRequestData.FetchTopic()
                                                .setTopicId(partition.topicId())
                                                .setPartitions(
                                                        List.of(
                                                                new FetchRequestData
                                                                                .FetchPartition()
                                                                        .setPartition(
                                                                                partition
                                                                                        .partition())
                                                                        .setCurrentLeaderEpoch(
                                                                                leaderEpoch)
                                                                        .setFetchOffset(position)
                                                                        .setPartitionMaxBytes(
                                                                                MAX_BYTES)))));
        client.<FetchResponseData>ask(replica, broker -> broker.consumerFetch(request))
                .whenComplete(
                        (response, failure) -> {
                            if (failure != null || response.responses().isEmpty()) {
                                again();
                                return;
                            }
                            var data = response.responses().getFirst().partitions().getFirst();
                            if (data.errorCode() != Errors.NONE.code()) {
                                again();
                                return;
                            }
                            take(replica, SentRecords.of(data));
                            if (fromFollowers || retired) {
                                start();
                            } else {
                                fetch(replica, leaderEpoch);
                            }
                        });
    }

    private void take(int replica, ByteBuffer records) {
        int at = 0;
        while (records.limit() - at >= RecordBatchHeader.SIZE) {
            long size = RecordBatchHeader.sizeInBytes(records, at);
            if (size > records.limit() - at) {
                return;
            }
            checker.consumed(replica, partition, records, at);
            position = Math.max(position, RecordBatchHeader.lastOffset(records, at) + 1);
            at += (int) size;
        }
    }
}
