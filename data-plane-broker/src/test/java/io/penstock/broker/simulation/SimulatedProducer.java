package io.penstock.broker.simulation;

import io.penstock.broker.log.Batches;
import io.penstock.broker.metadata.PartitionState;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * An idempotent producer to one partition, with one batch under way. It sends a batch until it is
 * acknowledged, wherever the leader is.
 */
final class SimulatedProducer {

    private static final Duration RETRY = Duration.ofMillis(60);
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MOST_RECORDS = 3;
    private static final long LEADER_ALONE = 1L << 32;
    private static final int MOST_REFUSALS = 300;

    private final SimulatedClient client;
    private final InvariantChecker checker;
    private final TopicIdPartition partition;
    private final short acks;
    private final int meanPauseMillis;
    private long producerId;
    private int sequence;
    private int records;
    private int refusals;
    private long acknowledged;
    private boolean stopping;
    private boolean idle = true;
    private boolean retired;

    /**
     * @param producerId of its own; the next thousand belong to it too
     */
    SimulatedProducer(
            SimulatedClient client,
            InvariantChecker checker,
            TopicIdPartition partition,
            short acks,
            long producerId,
            int meanPauseMillis) {
        this.client = client;
        this.checker = checker;
        this.partition = partition;
        this.acks = acks;
        this.producerId = acks == 1 ? producerId | LEADER_ALONE : producerId;
        this.meanPauseMillis = meanPauseMillis;
    }

    /** Whether the producer of this id asks for acks=1. */
    static boolean isAcknowledgedByLeaderAlone(long producerId) {
        return (producerId & LEADER_ALONE) != 0;
    }

    void start() {
        after(
                Duration.ofMillis(1 + client.random().nextInt(2 * meanPauseMillis)),
                () -> {
                    if (stopping) {
                        return;
                    }
                    idle = false;
                    records = 1 + client.random().nextInt(MOST_RECORDS);
                    send();
                });
    }

    /** No new batch is begun. */
    void stop() {
        stopping = true;
    }

    /** Its topic is no more: nothing is expected of it. */
    void retire() {
        stopping = true;
        retired = true;
    }

    /** Whether everything it sent is acknowledged. */
    boolean isIdle() {
        return idle;
    }

    long acknowledged() {
        return acknowledged;
    }

    private void after(Duration delay, Runnable task) {
        client.scheduler().schedule(delay, task);
    }

    private void send() {
        if (retired) {
            return;
        }
        client.describe(partition)
                .whenComplete(
                        (state, failure) -> {
                            int leader =
                                    failure == null
                                            ? state.map(PartitionState::leader).orElse(-1)
                                            : -1;
                            if (leader < 0) {
                                after(RETRY, this::send);
                            } else {
                                send(leader);
                            }
                        });
    }

    private void send(int leader) {
        SimpleRecord[] values = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            values[i] = Batches.record(1_800_000_000_000L, producerId + "-" + (sequence + i));
        }
        ByteBuffer batch = Batches.idempotent(producerId, 0, sequence, values);
        ProduceRequestData request =
                new ProduceRequestData().setAcks(acks).setTimeoutMs(TIMEOUT_MILLIS);
        request.topicData()
                .add(
                        new ProduceRequestData.TopicProduceData()
                                .setTopicId(partition.topicId())
                                .setPartitionData(
                                        List.of(
                                                new ProduceRequestData.PartitionProduceData()
                                                        .setIndex(partition.partition())
                                                        .setRecords(
                                                                MemoryRecords.readableRecords(
                                                                        batch)))));
        client.<ProduceResponseData>ask(leader, broker -> broker.produce(request))
                .whenComplete(
                        (response, failure) -> {
                            if (failure != null) {
                                after(RETRY, this::send);
                            } else {
                                answered(
                                        leader,
                                        response.responses()
                                                .iterator()
                                                .next()
                                                .partitionResponses()
                                                .getFirst());
                            }
                        });
    }

    private void answered(int leader, PartitionProduceResponse response) {
        if (retired) {
            return;
        }
        switch (Errors.forCode(response.errorCode())) {
            case NONE -> {
                if (acks == -1) {
                    checker.acknowledged(
                            leader, partition, response.baseOffset(), producerId, sequence);
                }
                refusals = 0;
                acknowledged += records;
                sequence += records;
                idle = true;
                start();
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID -> {
                if (acks == -1) {
                    // A leader that has a successor and does not know it lacks the newest records.
                    if (++refusals > MOST_REFUSALS) {
                        checker.broken(
                                "I7",
                                "broker %d, leader of %s, refuses sequence %d: %s",
                                leader,
                                partition,
                                sequence,
                                response.errorMessage());
                    }
                    after(RETRY, this::send);
                    return;
                }
                // What was acknowledged by the leader alone may be lost: it begins anew.
                producerId++;
                sequence = 0;
                after(RETRY, this::send);
            }
            default -> after(RETRY, this::send);
        }
    }
}
