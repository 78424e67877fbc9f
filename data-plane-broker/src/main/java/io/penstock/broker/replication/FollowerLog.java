package io.penstock.broker.replication;

import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.LeaderEpochEnd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How a follower makes its log the leader's. Belongs to the partition's lock.
 *
 * <p>A log is cut only where an epoch shows that it differs from the leader's (KIP-101, KIP-279),
 * never at the high watermark: that may be behind what is committed, and a record that all in-sync
 * replicas hold must not be cut from any of them.
 */
final class FollowerLog {

    private final ReplicaLog log;

    FollowerLog(ReplicaLog log) {
        this.log = log;
    }

    /** What a leader sent that no follower could append, whatever its disk. */
    static final class UnfitException extends IOException {
        private static final long serialVersionUID = 1L;

        UnfitException(String what) {
            super("the leader sent " + what);
        }
    }

    /**
     * Appends whole batches.
     *
     * @throws UnfitException if they do not fit to the log
     * @throws IOException if they cannot be written
     */
    void append(ByteBuffer batches, int leaderEpoch) throws IOException {
        long start = log.logStartOffset();
        boolean beginsWithinBatch =
                log.end().offset() == start
                        && ReplicatedBatches.firstOffset(batches) < start
                        && ReplicatedBatches.lastOffsetOfFirst(batches) >= start;
        if (beginsWithinBatch) {
            // The leader's log starts in the middle of a batch (KAFKA-6361).
            log.truncateFullyAndStartAt(ReplicatedBatches.firstOffset(batches));
        }
        Optional<String> complaint =
                ReplicatedBatches.complaint(
                        batches, log.end().offset(), log.latestEpoch(), leaderEpoch);
        if (complaint.isPresent()) {
            throw new UnfitException(complaint.get());
        }
        if (log.appendReplicated(batches) instanceof AppendResult.Refused refused) {
            String reason = refused.reason() + ": " + refused.detail();
            throw refused.reason() == AppendResult.Reason.STORAGE_ERROR
                    ? new IOException(reason)
                    : new UnfitException(reason);
        }
        if (beginsWithinBatch) {
            log.advanceStartOffset(start);
        }
    }

    /**
     * Cuts what the leader does not have.
     *
     * @param epoch the leader's largest epoch that is not above the follower's
     * @param endOffset where that epoch ends at the leader
     */
    void cut(int epoch, long endOffset) throws IOException {
        Optional<LeaderEpochEnd> own = log.endOffsetFor(epoch);
        if (own.isEmpty()) {
            log.truncateTo(endOffset);
        } else if (own.get().leaderEpoch() == epoch) {
            log.truncateTo(Math.min(endOffset, own.get().endOffset()));
        } else {
            // Without that epoch it goes back to its own one before, and asks again from there.
            log.truncateTo(own.get().endOffset());
        }
    }
}
