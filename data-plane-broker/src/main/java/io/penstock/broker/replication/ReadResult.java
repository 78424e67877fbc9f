package io.penstock.broker.replication;

import io.penstock.broker.log.LogSlice;

import java.util.List;

/** What a read of a partition found. */
public sealed interface ReadResult {

    /**
     * @param records null where there was nothing to read; else the caller releases it
     * @param abortedTransactions for read_committed readers, else empty
     */
    record Records(
            LogSlice records,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            List<AbortedTransaction> abortedTransactions)
            implements ReadResult {
        public int size() {
            return records == null ? 0 : records.size();
        }
    }

    /** The offset is below the log start or past the end. */
    record OffsetOutOfRange(long highWatermark, long logStartOffset) implements ReadResult {}

    /** This broker does not lead the partition (any more), or not for who asks. */
    record NotLeader() implements ReadResult {}

    /** The caller's leader epoch is older than this leader's. */
    record FencedLeaderEpoch() implements ReadResult {}

    /** The caller's leader epoch is newer than what this broker knows. */
    record UnknownLeaderEpoch() implements ReadResult {}

    /** A follower's log is another one from here on: this leader's epoch ended at the offset. */
    record Diverging(int epoch, long endOffset) implements ReadResult {}

    /** The log could not be read. */
    record StorageError(String detail) implements ReadResult {}

    /** A transaction whose records a read_committed reader drops. */
    record AbortedTransaction(long producerId, long firstOffset) {}
}
