package io.penstock.broker.handler;

import io.penstock.broker.replication.Partition;

import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.protocol.Errors;

import java.util.OptionalLong;

/**
 * A log start that the leader has moved, and not yet every live replica.
 *
 * @param offset where all of their logs are to begin at least
 */
record PendingDeletion(Partition partition, long offset, DeleteRecordsPartitionResult result)
        implements DelayedAnswer.Part {

    @Override
    public void await(Partition.Waiter waiter) {
        partition.whenDeleted(offset, waiter);
    }

    @Override
    public boolean settle() {
        OptionalLong reached = partition.lowWatermark();
        if (reached.isEmpty()) {
            result.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code())
                    .setLowWatermark(DeleteRecordsHandler.UNKNOWN);
            return true;
        }
        if (reached.getAsLong() < offset) {
            return false;
        }
        result.setLowWatermark(reached.getAsLong());
        return true;
    }

    @Override
    public void timeOut() {
        result.setErrorCode(Errors.REQUEST_TIMED_OUT.code())
                .setLowWatermark(DeleteRecordsHandler.UNKNOWN);
    }
}
