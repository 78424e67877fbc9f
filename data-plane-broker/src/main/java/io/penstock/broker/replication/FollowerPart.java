package io.penstock.broker.replication;

import io.penstock.broker.log.LogPosition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * What a partition does while another broker leads it. Each change looks first, under the
 * partition's lock, whether this broker still follows in the epoch in which the leader answered,
 * and whether the log still ends where the fetch began: else the answer is dropped.
 */
final class FollowerPart {

    private static final Logger LOG = LoggerFactory.getLogger(FollowerPart.class);

    private final ReentrantLock lock;
    private final ReplicaLog log;
    private final FollowerLog followerLog;
    private final HighWatermark highWatermark;
    private final IntPredicate follows;
    private final Runnable changed;
    private final Runnable inSyncChange;
    private volatile boolean cannotStore;

    /**
     * @param follows whether this broker follows in the epoch; asked under the lock
     * @param changed called after each change, outside the lock
     * @param inSyncChange told, perhaps under the lock, that other in-sync replicas are wanted
     */
    FollowerPart(
            ReentrantLock lock,
            ReplicaLog log,
            HighWatermark highWatermark,
            IntPredicate follows,
            Runnable changed,
            Runnable inSyncChange) {
        this.lock = lock;
        this.log = log;
        this.followerLog = new FollowerLog(log);
        this.highWatermark = highWatermark;
        this.follows = follows;
        this.changed = changed;
        this.inSyncChange = inSyncChange;
    }

    /** A new epoch of whatever role: the disk may have space again. */
    void begins() {
        cannotStore = false;
    }

    /** Whether the disk did not take the last change of this log that the leader asked for. */
    boolean cannotStore() {
        return cannotStore;
    }

    /** Where to fetch from; empty unless this broker follows in the epoch. */
    Optional<FetchPosition> position(int leaderEpoch) {
        lock.lock();
        try {
            return follows.test(leaderEpoch)
                    ? Optional.of(
                            new FetchPosition(
                                    log.end().offset(), log.latestEpoch(), log.logStartOffset()))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** A change of a follower's log. */
    private interface Following {
        void run() throws IOException;
    }

    /**
     * Takes over what the leader of the epoch answered to a fetch from the offset.
     *
     * @param records perhaps none; the last batch may be cut off
     */
    FollowOutcome append(
            int leaderEpoch,
            long fetchedFrom,
            ByteBuffer records,
            long leaderHighWatermark,
            long leaderLogStart) {
        return follow(
                leaderEpoch,
                fetchedFrom,
                () -> {
                    ByteBuffer batches = ReplicatedBatches.whole(records);
                    if (batches.hasRemaining()) {
                        followerLog.append(batches, leaderEpoch);
                    }
                    long end = log.end().offset();
                    if (leaderLogStart > log.logStartOffset() && leaderLogStart <= end) {
                        log.advanceStartOffset(leaderLogStart);
                    }
                    highWatermark.raise(Math.min(leaderHighWatermark, end));
                });
    }

    /**
     * Cuts what the leader's answer shows to be different there (KIP-101, KIP-279).
     *
     * @param epoch the leader's largest one that is not above this log's
     * @param endOffset where that epoch ends at the leader
     */
    FollowOutcome cut(int leaderEpoch, long fetchedFrom, int epoch, long endOffset) {
        return follow(
                leaderEpoch,
                fetchedFrom,
                () -> {
                    followerLog.cut(epoch, endOffset);
                    logCut(fetchedFrom, "its epochs differ from the leader's");
                    highWatermark.cutToEnd();
                });
    }

    /** Begins anew where the leader's log begins, since it has nothing at this follower's end. */
    FollowOutcome restartAt(int leaderEpoch, long fetchedFrom, long leaderLogStart) {
        return follow(
                leaderEpoch,
                fetchedFrom,
                () -> {
                    log.truncateFullyAndStartAt(leaderLogStart);
                    logCut(fetchedFrom, "the leader does not have what lies there");
                    highWatermark.restart();
                });
    }

    private FollowOutcome follow(int leaderEpoch, long fetchedFrom, Following change) {
        FollowOutcome outcome;
        lock.lock();
        try {
            LogPosition end = log.end();
            if (!follows.test(leaderEpoch) || end.offset() != fetchedFrom) {
                return FollowOutcome.STALE;
            }
            long start = log.logStartOffset();
            OptionalInt epoch = log.latestEpoch();
            change.run();
            boolean same =
                    log.end().offset() == fetchedFrom
                            && log.logStartOffset() == start
                            && log.latestEpoch().equals(epoch);
            outcome = same ? FollowOutcome.UNCHANGED : FollowOutcome.CHANGED;
            cannotStore &= same;
        } catch (FollowerLog.UnfitException failure) {
            logFailure(leaderEpoch, failure);
            outcome = FollowOutcome.FAILED;
        } catch (IOException | UncheckedIOException failure) {
            // Once is enough: a full disk is tried again and again.
            if (!cannotStore) {
                logFailure(leaderEpoch, failure);
            }
            cannotStore = true;
            inSyncChange.run();
            outcome = FollowOutcome.NOT_STORED;
        } finally {
            lock.unlock();
        }
        changed.run();
        return outcome;
    }

    private void logFailure(int leaderEpoch, Exception failure) {
        LOG.error(
                "{}: could not follow the leader of epoch {}: {}",
                log.topicPartition(),
                leaderEpoch,
                failure.toString());
    }

    private void logCut(long before, String reason) {
        long end = log.end().offset();
        LOG.info("{}: cut from {} to {}: {}", log.topicPartition(), before, end, reason);
        if (highWatermark.offset() > end) {
            LOG.warn(
                    "{}: what is cut was committed up to {}",
                    log.topicPartition(),
                    highWatermark.offset());
        }
    }
}
