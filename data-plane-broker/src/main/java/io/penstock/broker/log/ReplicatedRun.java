package io.penstock.broker.log;

import java.nio.ByteBuffer;

/** How far into replicated batches one write may go. */
final class ReplicatedRun {

    private ReplicatedRun() {}

    /**
     * Index of the first batch of an epoch later than the leader's, or the limit.
     *
     * @param leaderEpoch the leader's epoch, or -1 if the caller saw to it
     */
    static int endOfKnownEpochs(ByteBuffer batches, int leaderEpoch) {
        if (leaderEpoch < 0) {
            return batches.limit();
        }
        int at = batches.position();
        while (at < batches.limit() && RecordBatchHeader.leaderEpoch(batches, at) <= leaderEpoch) {
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return at;
    }

    /**
     * Index after as many batches as one segment can hold, by bytes and by offsets relative to its
     * base (KAFKA-6264); at least one batch.
     */
    static int endOfSegmentShare(ByteBuffer batches, int segmentBytes) {
        int first = batches.position();
        long base = RecordBatchHeader.baseOffset(batches, first);
        int at = first + (int) RecordBatchHeader.sizeInBytes(batches, first);
        while (at < batches.limit()) {
            int next = at + (int) RecordBatchHeader.sizeInBytes(batches, at);
            if (next - first > segmentBytes
                    || RecordBatchHeader.lastOffset(batches, at) - base > Integer.MAX_VALUE) {
                break;
            }
            at = next;
        }
        return at;
    }
}
