package io.penstock.broker.replication;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.log.LogPosition;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.replication.ReplicaRole.Follower;
import io.penstock.broker.replication.ReplicaRole.Leader;
import io.penstock.broker.replication.ReplicaRole.Leaderless;
import io.penstock.broker.replication.ReplicaRole.Removed;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A partition on this broker: its log, this broker's role, and the high watermark, which is kept
 * apart from the log's end. Role and high watermark change under the lock; everybody who waits is
 * woken after it was let go.
 */
public final class LocalPartition implements Partition {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPartition.class);
    private static final short ACKS_ALL = -1;

    private final int self;
    private final ReplicaLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final OffsetWaiters committed = new OffsetWaiters();
    private final OffsetWaiters stable = new OffsetWaiters();
    private final OffsetWaiters appended = new OffsetWaiters();
    private final HighWatermarkFeed feed = new HighWatermarkFeed(this::highWatermark);

    private volatile ReplicaRole role = new Leaderless(-1);
    private volatile LogPosition highWatermark;
    private volatile long leaderEpochStartOffset;

    LocalPartition(int self, ReplicaLog log, long checkpointedHighWatermark) {
        this.self = self;
        this.log = log;
        long offset = Math.max(log.logStartOffset(), checkpointedHighWatermark);
        this.highWatermark = position(Math.min(offset, log.end().offset()));
        log.onHighWatermark(highWatermark.offset());
    }

    /** What a change of the controller's state meant here. */
    sealed interface Transition {
        record Elected(int epoch, boolean ledBefore) implements Transition {}

        record Resigned(OptionalInt newEpoch) implements Transition {}

        record Unchanged() implements Transition {}
    }

    /** Takes the role that the controller's state gives this broker; an older epoch is ignored. */
    Transition become(PartitionState state, int minimumInSync) throws IOException {
        Transition transition;
        lock.lock();
        try {
            ReplicaRole before = role;
            if (before instanceof Removed || state.leaderEpoch() < before.epoch()) {
                return new Transition.Unchanged();
            }
            boolean led = before instanceof Leader;
            int minimum = Math.min(minimumInSync, state.replicas().size());
            if (state.leader() == self) {
                if (before instanceof Leader leader && leader.epoch() == state.leaderEpoch()) {
                    role = leader.with(state.inSync(), minimum);
                    transition = new Transition.Unchanged();
                } else {
                    log.beginEpoch(state.leaderEpoch());
                    leaderEpochStartOffset = log.end().offset();
                    feed.clear();
                    role = new Leader(state.leaderEpoch(), self, state.inSync(), minimum, Map.of());
                    transition = new Transition.Elected(state.leaderEpoch(), led);
                }
                advanceHighWatermark();
            } else {
                role =
                        state.hasLeader()
                                ? new Follower(state.leaderEpoch(), state.leader())
                                : new Leaderless(state.leaderEpoch());
                transition =
                        led
                                ? new Transition.Resigned(OptionalInt.of(state.leaderEpoch()))
                                : new Transition.Unchanged();
            }
        } finally {
            lock.unlock();
        }
        afterChange(!(role instanceof Leader));
        return transition;
    }

    /** The partition leaves this broker; whether it led it. */
    boolean remove() {
        boolean led;
        lock.lock();
        try {
            led = role instanceof Leader;
            role = new Removed();
        } finally {
            lock.unlock();
        }
        afterChange(true);
        return led;
    }

    private void afterChange(boolean roleLost) {
        if (roleLost) {
            feed.clear();
            wake(committed.all());
            wake(stable.all());
            wake(appended.all());
        } else {
            wakeReached();
        }
    }

    @Override
    public AppendResult append(ByteBuffer batches, AppendOrigin origin, short requiredAcks) {
        AppendResult result;
        lock.lock();
        try {
            if (!(role instanceof Leader leader)) {
                return new Refused(Reason.NOT_LEADER, "this broker does not lead the partition");
            }
            if (requiredAcks == ACKS_ALL && !leader.enoughInSync()) {
                return new Refused(
                        Reason.NOT_ENOUGH_REPLICAS,
                        "%d replicas are in sync, min.insync.replicas asks for %d"
                                .formatted(leader.inSync().size(), leader.minimumInSync()));
            }
            result = log.append(batches, origin, leader.epoch());
            if (result instanceof Appended done && !done.duplicate()) {
                advanceHighWatermark();
            }
        } catch (IOException failure) {
            // The records are in the log; only the watermark did not move. The next append tries
            // it.
            LOG.error("{}: the high watermark did not advance", topicPartition(), failure);
            return new Refused(Reason.STORAGE_ERROR, String.valueOf(failure.getMessage()));
        } finally {
            lock.unlock();
        }
        wakeReached();
        return result;
    }

    /** Takes note of how far a follower has copied the log, in the epoch that it knows. */
    public void followerReached(int follower, int epoch, long logEnd) throws IOException {
        lock.lock();
        try {
            if (!(role instanceof Leader leader) || leader.epoch() != epoch) {
                return;
            }
            role = leader.withFollower(follower, logEnd);
            advanceHighWatermark();
        } finally {
            lock.unlock();
        }
        wakeReached();
    }

    private void advanceHighWatermark() throws IOException {
        if (!(role instanceof Leader leader)) {
            return;
        }
        LogPosition end = log.end();
        long present = highWatermark.offset();
        long next = leader.highWatermark(end.offset(), present);
        if (next > present) {
            highWatermark = next == end.offset() ? end : log.positionOf(next);
            log.onHighWatermark(next);
        }
    }

    private void wakeReached() {
        wake(appended.reached(log.end().offset()));
        wake(committed.reached(highWatermark.offset()));
        wake(stable.reached(lastStableOffset()));
        feed.changed();
    }

    private static void wake(List<Waiter> waiters) {
        for (Waiter waiter : waiters) {
            try {
                waiter.wake();
            } catch (RuntimeException failure) {
                LOG.error("a waiter failed", failure);
            }
        }
    }

    @Override
    public void whenCommitted(long offset, Waiter waiter) {
        await(committed, offset, waiter);
    }

    @Override
    public void whenReadable(long offset, Isolation isolation, Waiter waiter) {
        OffsetWaiters waiters =
                switch (isolation) {
                    case READ_COMMITTED -> stable;
                    case READ_UNCOMMITTED -> committed;
                    case REPLICA -> appended;
                };
        await(waiters, offset + 1, waiter);
    }

    /** Registers first and looks then, so that no advance between the two is missed. */
    private void await(OffsetWaiters waiters, long offset, Waiter waiter) {
        waiters.add(offset, waiter);
        if (!(role instanceof Leader)) {
            afterChange(true);
        } else {
            wakeReached();
        }
    }

    @Override
    public void forget(Waiter waiter) {
        committed.remove(waiter);
        stable.remove(waiter);
        appended.remove(waiter);
    }

    @Override
    public ReadResult read(
            long offset,
            int currentLeaderEpoch,
            int maxBytes,
            boolean minOneBatch,
            Isolation isolation) {
        if (!(role instanceof Leader leader)) {
            return new ReadResult.NotLeader();
        }
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch < leader.epoch()) {
            return new ReadResult.FencedLeaderEpoch();
        }
        if (currentLeaderEpoch > leader.epoch()) {
            return new ReadResult.UnknownLeaderEpoch();
        }
        long start = log.logStartOffset();
        if (offset < start || offset > log.end().offset()) {
            return outOfRange();
        }
        try {
            LogPosition watermark = highWatermark;
            LogPosition stableEnd = stablePosition(watermark);
            LogPosition bound =
                    switch (isolation) {
                        case READ_COMMITTED -> stableEnd;
                        case READ_UNCOMMITTED -> watermark;
                        case REPLICA -> log.end();
                    };
            Optional<LogSlice> slice = log.read(offset, maxBytes, minOneBatch, bound);
            List<ReadResult.AbortedTransaction> aborted =
                    isolation == Isolation.READ_COMMITTED && slice.isPresent()
                            ? aborted(offset, bound.offset())
                            : List.of();
            return new ReadResult.Records(
                    slice.orElse(null), watermark.offset(), stableEnd.offset(), start, aborted);
        } catch (IllegalArgumentException deletedMeanwhile) {
            return outOfRange();
        } catch (IOException failure) {
            LOG.error("{}: a read at {} failed", topicPartition(), offset, failure);
            return new ReadResult.StorageError(String.valueOf(failure.getMessage()));
        }
    }

    private ReadResult outOfRange() {
        return new ReadResult.OffsetOutOfRange(highWatermark.offset(), log.logStartOffset());
    }

    private LogPosition stablePosition(LogPosition watermark) throws IOException {
        long unstable = log.firstUnstableOffset();
        return unstable >= watermark.offset() ? watermark : log.positionOf(unstable);
    }

    private List<ReadResult.AbortedTransaction> aborted(long from, long to) {
        return log.abortedTransactions(from, to).stream()
                .map(a -> new ReadResult.AbortedTransaction(a.producerId(), a.firstOffset()))
                .toList();
    }

    @Override
    public OptionalLong deleteRecordsBefore(long before) throws IOException {
        long watermark = highWatermark.offset();
        long offset = before == -1 ? watermark : before;
        if (offset < 0 || offset > watermark) {
            return OptionalLong.empty();
        }
        log.advanceStartOffset(offset);
        return OptionalLong.of(log.logStartOffset());
    }

    @Override
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp) {
        try {
            return log.findByTimestamp(timestamp, highWatermark.offset());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<OffsetAndTimestamp> maxTimestamp() {
        try {
            return log.maxTimestamp(highWatermark.offset());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<EpochEndOffset> endOffsetFor(int leaderEpoch) {
        return log.endOffsetFor(leaderEpoch)
                .map(end -> new EpochEndOffset(end.leaderEpoch(), end.endOffset()));
    }

    @Override
    public void addListener(HighWatermarkListener listener) {
        if (!(role instanceof Leader)) {
            return;
        }
        feed.add(listener);
        if (!(role instanceof Leader)) {
            feed.remove(listener);
        }
    }

    @Override
    public void removeListener(HighWatermarkListener listener) {
        feed.remove(listener);
    }

    @Override
    public TopicPartition topicPartition() {
        return log.topicPartition();
    }

    @Override
    public Uuid topicId() {
        return log.topicId();
    }

    @Override
    public boolean isLeader() {
        return role instanceof Leader;
    }

    @Override
    public int leaderEpoch() {
        return role.epoch();
    }

    @Override
    public long logStartOffset() {
        return log.logStartOffset();
    }

    @Override
    public long highWatermark() {
        return highWatermark.offset();
    }

    @Override
    public long lastStableOffset() {
        return Math.min(log.firstUnstableOffset(), highWatermark.offset());
    }

    @Override
    public long logEndOffset() {
        return log.end().offset();
    }

    @Override
    public long leaderEpochStartOffset() {
        return leaderEpochStartOffset;
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    ReplicaLog log() {
        return log;
    }

    private LogPosition position(long offset) {
        try {
            return log.positionOf(offset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
