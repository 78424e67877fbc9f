package io.penstock.broker.replication;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.log.DurabilityListener;
import io.penstock.broker.replication.Partition.Acknowledgement;
import io.penstock.broker.replication.ReplicaRole.Leader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a partition does while this broker leads it. Changes happen under the partition's lock;
 * everybody who waits is woken after it was let go.
 *
 * <p>This leader's own end in the high watermark is the durable one: where the topic asks for it,
 * nothing is committed that is not on the leader's disk (I8).
 */
final class LeaderPart implements DurabilityListener {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderPart.class);
    private static final short ACKS_ALL = -1;

    private final ReentrantLock lock;
    private final ReplicaLog log;
    private final HighWatermark highWatermark;
    private final PartitionContext context;
    private final PartitionWaiters waiters;
    private final PartitionReader reader;
    private final Supplier<ReplicaRole> role;
    private final Runnable inSyncChange;
    private volatile boolean appendsFail;

    /**
     * @param role the partition's, which changes under the lock
     * @param inSyncChange told, perhaps under the lock, that other in-sync replicas are wanted
     */
    LeaderPart(
            ReentrantLock lock,
            ReplicaLog log,
            HighWatermark highWatermark,
            PartitionContext context,
            PartitionWaiters waiters,
            PartitionReader reader,
            Supplier<ReplicaRole> role,
            Runnable inSyncChange) {
        this.lock = lock;
        this.log = log;
        this.highWatermark = highWatermark;
        this.context = context;
        this.waiters = waiters;
        this.reader = reader;
        this.role = role;
        this.inSyncChange = inSyncChange;
    }

    AppendResult append(ByteBuffer batches, AppendOrigin origin, short requiredAcks) {
        AppendResult result;
        long watermark = highWatermark.offset();
        lock.lock();
        try {
            if (!(role.get() instanceof Leader leader)) {
                return new Refused(Reason.NOT_LEADER, "this broker does not lead the partition");
            }
            LeaderState state = leader.state();
            if (requiredAcks == ACKS_ALL && !state.enoughInSync()) {
                return new Refused(
                        Reason.NOT_ENOUGH_REPLICAS,
                        "%d replicas are in sync, min.insync.replicas asks for %d"
                                .formatted(state.committedInSync().size(), state.minimumInSync()));
            }
            long oldEnd = log.end().offset();
            result = log.append(batches, origin, leader.epoch());
            noteStorage(result);
            if (result instanceof Appended done && !done.duplicate()) {
                if (!state.isAlone()) {
                    state.grew(oldEnd, context.clock().monotonicNanos());
                }
                advanceHighWatermark();
            }
        } catch (IOException failure) {
            // The records are in the log; only the watermark did not move. The next append tries
            // it.
            LOG.error("{}: the high watermark did not advance", log.topicPartition(), failure);
            return new Refused(Reason.STORAGE_ERROR, String.valueOf(failure.getMessage()));
        } finally {
            lock.unlock();
        }
        if (result instanceof Appended done && !done.duplicate()) {
            waiters.tellReplicasOfRecords();
            waiters.wakeReached();
        } else if (highWatermark.offset() != watermark) {
            waiters.wakeReached();
        }
        return result;
    }

    /** A leader that cannot write leaves its office to somebody who can, if there is one. */
    private void noteStorage(AppendResult result) {
        if (result instanceof Appended) {
            appendsFail = false;
        } else if (result instanceof Refused refused && refused.reason() == Reason.STORAGE_ERROR) {
            appendsFail = true;
            inSyncChange.run();
        }
    }

    /** A new epoch of whatever role: the disk may have space again. */
    void begins() {
        appendsFail = false;
    }

    /** Whether the disk did not take the last append. */
    boolean appendsFail() {
        return appendsFail;
    }

    /**
     * Takes note of how far a follower has copied the log, if what it has is this leader's.
     *
     * @return what is wrong with its report, else empty
     */
    Optional<ReadResult> followerReached(FollowerReport report) {
        return whileLeading(leader -> reached(leader, report))
                .orElseGet(() -> Optional.of(new ReadResult.NotLeader()));
    }

    /** A follower turned away from this partition, or its session ended. */
    void followerLeft(FollowerReport last) {
        whileLeading(leader -> leader.left(last));
    }

    private Optional<ReadResult> reached(LeaderState leader, FollowerReport report) {
        Optional<ReadResult> wrong = reader.compareFollower(report, leader.epoch());
        if (wrong.isPresent()) {
            return wrong;
        }
        long now = context.clock().monotonicNanos();
        long end = log.end().offset();
        if (!leader.reached(report, end, now)) {
            return Optional.of(new ReadResult.NotLeader());
        }
        if (leader.wantsChange(end, highWatermark.offset(), context.brokers(), now)) {
            inSyncChange.run();
        }
        return Optional.empty();
    }

    /** Under the lock. */
    void advanceHighWatermark() throws IOException {
        if (!(role.get() instanceof Leader leader)) {
            return;
        }
        long end = log.end().offset();
        long present = highWatermark.offset();
        LeaderState state = leader.state();
        long now = state.isAlone() ? 0 : context.clock().monotonicNanos();
        long reached = state.highWatermark(end, present, context.brokers(), now);
        highWatermark.raise(Math.min(reached, log.durableEnd()));
    }

    /** Does something with the present tenure, if there is one; then looks who is to be woken. */
    <T> Optional<T> whileLeading(Function<LeaderState, T> work) {
        Optional<T> result = Optional.empty();
        lock.lock();
        try {
            if (role.get() instanceof Leader leader) {
                result = Optional.of(work.apply(leader.state()));
                advanceHighWatermark();
            }
        } catch (IOException failure) {
            LOG.error("{}: the high watermark did not advance", log.topicPartition(), failure);
        } finally {
            lock.unlock();
        }
        waiters.wakeReached();
        wakeDeleted();
        return result;
    }

    @Override
    public void onDurable(long endOffset) {
        whileLeading(leader -> true);
    }

    @Override
    public void onOffline() {
        inSyncChange.run();
        waiters.wakeProducers();
    }

    Acknowledgement acknowledgement(int leaderEpoch, long offset) {
        lock.lock();
        try {
            if (!(role.get() instanceof Leader leader) || leader.epoch() != leaderEpoch) {
                return Acknowledgement.NOT_LEADER;
            }
            if (highWatermark.offset() >= offset) {
                return Acknowledgement.COMMITTED;
            }
            if (!leader.state().enoughInSync()) {
                return Acknowledgement.NOT_ENOUGH_REPLICAS;
            }
            if (log.isOffline()) {
                return Acknowledgement.STORAGE_ERROR;
            }
            return mayAnswerAlone() ? Acknowledgement.PENDING : Acknowledgement.NOT_LEADER;
        } finally {
            lock.unlock();
        }
    }

    Acknowledgement acknowledgementAlone(int leaderEpoch, long offset) {
        boolean stored = log.durableEnd() >= offset;
        // Looked at last: a log is cut only after its leader has resigned.
        if (!(role.get() instanceof Leader leader)
                || leader.epoch() != leaderEpoch
                || !mayAnswerAlone()) {
            return Acknowledgement.NOT_LEADER;
        }
        if (stored) {
            return Acknowledgement.STORED;
        }
        return log.isOffline() ? Acknowledgement.STORAGE_ERROR : Acknowledgement.PENDING;
    }

    /** Producers wait in vain for a leader that has a successor: they look for it sooner. */
    void reconsiderProducers() {
        if (!mayAnswerAlone()) {
            waiters.wakeProducers();
        }
    }

    boolean mayAnswerAlone() {
        return context.lease().isHeld()
                || leading(leader -> leader.isFollowed(context.clock().monotonicNanos()))
                        .orElse(false);
    }

    OptionalLong deleteRecordsBefore(long before) throws IOException {
        long watermark = highWatermark.offset();
        long offset = before == -1 ? watermark : before;
        if (offset < 0 || offset > watermark) {
            return OptionalLong.empty();
        }
        if (log.advanceStartOffset(offset)) {
            waiters.tellReplicas();
        }
        return OptionalLong.of(log.logStartOffset());
    }

    OptionalLong lowWatermark() {
        return leading(leader -> leader.lowWatermark(log.logStartOffset(), context.brokers()))
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** Brokers may have come or gone, or a follower have told where its log begins. */
    void wakeDeleted() {
        if (waiters.awaitDeletion()) {
            lowWatermark().ifPresent(waiters::deletedUpTo);
        }
    }

    /** Looks at the present tenure, if there is one. */
    <T> Optional<T> leading(Function<LeaderState, T> look) {
        lock.lock();
        try {
            return role.get() instanceof Leader leader
                    ? Optional.of(look.apply(leader.state()))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
