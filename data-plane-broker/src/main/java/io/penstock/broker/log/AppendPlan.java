package io.penstock.broker.log;

import java.nio.ByteBuffer;

/**
 * Which offsets batches get, and when they are from.
 *
 * @param endOffset offset after the last record
 */
record AppendPlan(long baseOffset, long endOffset, long largestTimestamp) {

    /**
     * Patches offsets and epochs in place, unless the batches are replicated and have them.
     *
     * @return null if a replicated offset lies below the log's end
     */
    static AppendPlan assign(
            ByteBuffer batches, AppendOrigin origin, int leaderEpoch, long logEndOffset) {
        int first = batches.position();
        long next = logEndOffset;
        long largest = RecordBatchHeader.NO_TIMESTAMP;
        int at = first;
        while (at < batches.limit()) {
            if (origin != AppendOrigin.REPLICATION) {
                RecordBatchHeader.patchOffsetAndEpoch(batches, at, next, leaderEpoch);
            } else if (RecordBatchHeader.baseOffset(batches, at) < next) {
                return null;
            }
            long lastOffset = RecordBatchHeader.lastOffset(batches, at);
            largest = Math.max(largest, RecordBatchHeader.maxTimestamp(batches, at));
            next = lastOffset + 1;
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return new AppendPlan(RecordBatchHeader.baseOffset(batches, first), next, largest);
    }

    /** Gives all batches the broker's time. */
    static void stamp(ByteBuffer batches, long appendTime) {
        int at = batches.position();
        while (at < batches.limit()) {
            RecordBatchHeader.patchLogAppendTime(batches, at, appendTime);
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
    }
}
