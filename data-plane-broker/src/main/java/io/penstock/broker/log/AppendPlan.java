package io.penstock.broker.log;

import java.nio.ByteBuffer;

/**
 * Which offsets batches get, and what the indexes must know of them.
 *
 * @param firstBatchLastOffset last offset of the first batch
 * @param endOffset offset after the last record
 * @param offsetOfLargest last offset of the batch with the largest timestamp
 */
record AppendPlan(
        long baseOffset,
        long firstBatchLastOffset,
        long endOffset,
        long largestTimestamp,
        long offsetOfLargest) {

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
        long offsetOfLargest = next;
        int at = first;
        while (at < batches.limit()) {
            if (origin != AppendOrigin.REPLICATION) {
                RecordBatchHeader.patchOffsetAndEpoch(batches, at, next, leaderEpoch);
            } else if (RecordBatchHeader.baseOffset(batches, at) < next) {
                return null;
            }
            long lastOffset = RecordBatchHeader.lastOffset(batches, at);
            if (RecordBatchHeader.maxTimestamp(batches, at) > largest) {
                largest = RecordBatchHeader.maxTimestamp(batches, at);
                offsetOfLargest = lastOffset;
            }
            next = lastOffset + 1;
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return new AppendPlan(
                RecordBatchHeader.baseOffset(batches, first),
                RecordBatchHeader.lastOffset(batches, first),
                next,
                largest,
                offsetOfLargest);
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
