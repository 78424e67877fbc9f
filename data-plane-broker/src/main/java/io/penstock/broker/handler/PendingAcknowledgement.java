package io.penstock.broker.handler;

import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.Acknowledgement;

import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * Records that are appended, and not yet what their producer wants to be told of: committed, or
 * with acks=1 on this leader's disk where their topic asks for that.
 *
 * @param epoch in which they were appended
 * @param offset the one after them
 */
record PendingAcknowledgement(
        Partition partition,
        boolean ofAll,
        int epoch,
        long offset,
        PartitionProduceResponse response)
        implements DelayedAnswer.Part {

    @Override
    public void await(Partition.Waiter waiter) {
        if (ofAll) {
            partition.whenCommitted(offset, waiter);
        } else {
            partition.whenDurable(offset, waiter);
        }
    }

    @Override
    public boolean settle() {
        Acknowledgement known =
                ofAll
                        ? partition.acknowledgement(epoch, offset)
                        : partition.acknowledgementAlone(epoch, offset);
        return switch (known) {
            case COMMITTED, STORED -> true;
            case PENDING -> false;
            case NOT_ENOUGH_REPLICAS -> refused(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
            case STORAGE_ERROR -> refused(Errors.KAFKA_STORAGE_ERROR);
            case NOT_LEADER -> refused(Errors.NOT_LEADER_OR_FOLLOWER);
        };
    }

    private boolean refused(Errors error) {
        ProduceHandler.refuse(response, error, null);
        return true;
    }

    @Override
    public void timeOut() {
        ProduceHandler.refuse(
                response,
                Errors.REQUEST_TIMED_OUT,
                ofAll
                        ? "The records were not replicated in time"
                        : "The records were not on disk in time");
    }
}
