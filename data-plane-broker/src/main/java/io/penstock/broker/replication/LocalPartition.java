package io.penstock.broker.replication;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.replication.ReplicaRole.Follower;
import io.penstock.broker.replication.ReplicaRole.Leader;
import io.penstock.broker.replication.ReplicaRole.Leaderless;
import io.penstock.broker.replication.ReplicaRole.Removed;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
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

    private final PartitionContext context;
    private final ReplicaLog log;
    private final HighWatermark highWatermark;
    private final LeaderPart leader;
    private final FollowerPart follower;
    private final InSyncPart inSync;
    private final PartitionReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final PartitionWaiters waiters;

    private volatile ReplicaRole role = new Leaderless(-1);
    private volatile Optional<PartitionState> committed = Optional.empty();

    LocalPartition(PartitionContext context, ReplicaLog log, long checkpointedHighWatermark) {
        this.context = context;
        this.log = log;
        this.reader = new PartitionReader(log);
        this.highWatermark = new HighWatermark(log, checkpointedHighWatermark);
        this.waiters = new PartitionWaiters(log, highWatermark);
        Runnable inSyncChange = () -> context.inSyncChange().accept(this);
        this.leader =
                new LeaderPart(
                        lock,
                        log,
                        highWatermark,
                        context,
                        waiters,
                        reader,
                        () -> role,
                        inSyncChange);
        this.follower =
                new FollowerPart(
                        lock,
                        log,
                        highWatermark,
                        epoch -> role instanceof Follower now && now.epoch() == epoch,
                        waiters::wakeReached,
                        inSyncChange);
        this.inSync = new InSyncPart(this, context);
        log.setDurabilityListener(leader);
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
        ReplicaRole before;
        boolean belowMinimum;
        lock.lock();
        try {
            before = role;
            if (before instanceof Removed || state.leaderEpoch() < before.epoch()) {
                return new Transition.Unchanged();
            }
            transition = transition(before, state, minimumInSync);
            committed = Optional.of(state);
            belowMinimum = role instanceof Leader now && !now.state().enoughInSync();
            leader.advanceHighWatermark();
        } finally {
            lock.unlock();
        }
        if (before.epoch() != role.epoch() || !before.getClass().equals(role.getClass())) {
            if (!(role instanceof Leader)) {
                waiters.feed().clear();
            }
            waiters.wakeAll();
            waiters.tellReplicas();
        } else if (belowMinimum) {
            waiters.wakeProducers();
        }
        waiters.wakeReached();
        return transition;
    }

    private Transition transition(ReplicaRole before, PartitionState state, int minimumInSync)
            throws IOException {
        long now = context.clock().monotonicNanos();
        int epoch = state.leaderEpoch();
        boolean led = before instanceof Leader;
        int minimum = Math.min(minimumInSync, state.replicas().size());
        if (epoch != before.epoch()) {
            leader.begins();
            follower.begins();
        }
        if (state.leader() != context.self()) {
            role = state.hasLeader() ? new Follower(epoch, state.leader()) : new Leaderless(epoch);
            return led
                    ? new Transition.Resigned(OptionalInt.of(epoch))
                    : new Transition.Unchanged();
        }
        if (before instanceof Leader same && same.epoch() == epoch) {
            same.state().update(state, minimum, now);
            return new Transition.Unchanged();
        }
        log.beginEpoch(epoch);
        waiters.feed().clear();
        role =
                new Leader(
                        new LeaderState(
                                context.self(),
                                state,
                                minimum,
                                log.end().offset(),
                                context.settings(),
                                context.pulse(),
                                context.followers(),
                                now));
        return new Transition.Elected(epoch, led);
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
        waiters.feed().clear();
        waiters.wakeAll();
        waiters.tellReplicas();
        return led;
    }

    @Override
    public AppendResult append(ByteBuffer batches, AppendOrigin origin, short requiredAcks) {
        return leader.append(batches, origin, requiredAcks);
    }

    /** By the newest state that the controller committed. */
    boolean isInSync(int replica) {
        return committed.filter(state -> state.inSync().contains(replica)).isPresent();
    }

    /** Whether this replica's disk failed, or has no room for what its role asks of it. */
    boolean cannotStore() {
        ReplicaRole present = role;
        return log.isOffline()
                || (present instanceof Leader && leader.appendsFail())
                || (present instanceof Follower && follower.cannotStore());
    }

    /** The newest state that the controller committed and this broker knows. */
    Optional<PartitionState> committed() {
        return committed;
    }

    LeaderPart leader() {
        return leader;
    }

    FollowerPart follower() {
        return follower;
    }

    InSyncPart inSync() {
        return inSync;
    }

    /** As {@link LeaderPart#followerReached}. */
    Optional<ReadResult> followerReached(FollowerReport report) {
        return leader.followerReached(report);
    }

    // Waiters are registered first and looked at then, so that no advance between is missed.

    @Override
    public void whenCommitted(long offset, Waiter waiter) {
        waiters.awaitCommit(offset, waiter);
        wakeIf(!log.isOffline() && role instanceof Leader);
    }

    @Override
    public void whenDurable(long offset, Waiter waiter) {
        waiters.awaitDurable(offset, waiter);
        wakeIf(!log.isOffline() && (role instanceof Leader || role instanceof Follower));
    }

    @Override
    public void whenReadable(long offset, Isolation isolation, Waiter waiter) {
        waiters.awaitReadable(offset + 1, isolation, waiter);
        wakeIf(role instanceof Leader || role instanceof Follower);
    }

    @Override
    public void whenDeleted(long offset, Waiter waiter) {
        waiters.awaitDeletion(offset, waiter);
        if (role instanceof Leader) {
            leader.wakeDeleted();
        } else {
            waiters.wakeAll();
        }
    }

    private void wakeIf(boolean serves) {
        if (serves) {
            waiters.wakeReached();
        } else {
            waiters.wakeAll();
        }
    }

    @Override
    public void forget(Waiter waiter) {
        waiters.forget(waiter);
    }

    @Override
    public Acknowledgement acknowledgement(int leaderEpoch, long offset) {
        return leader.acknowledgement(leaderEpoch, offset);
    }

    @Override
    public Acknowledgement acknowledgementAlone(int leaderEpoch, long offset) {
        return leader.acknowledgementAlone(leaderEpoch, offset);
    }

    @Override
    public boolean mayAnswerAlone() {
        return leader.mayAnswerAlone();
    }

    @Override
    public ReadResult read(
            long offset,
            int currentLeaderEpoch,
            int maxBytes,
            boolean minOneBatch,
            Isolation isolation) {
        ReplicaRole present = role;
        boolean serves =
                present instanceof Leader
                        || (present instanceof Follower && isolation != Isolation.REPLICA);
        if (!serves) {
            return new ReadResult.NotLeader();
        }
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch < present.epoch()) {
            return new ReadResult.FencedLeaderEpoch();
        }
        if (currentLeaderEpoch > present.epoch()) {
            return new ReadResult.UnknownLeaderEpoch();
        }
        return reader.read(offset, maxBytes, minOneBatch, isolation, highWatermark.position());
    }

    @Override
    public Map<Integer, Long> inSyncFollowersWith(long offset) {
        return leader.leading(state -> state.inSyncFollowersWith(offset)).orElse(Map.of());
    }

    @Override
    public OptionalLong deleteRecordsBefore(long before) throws IOException {
        return leader.deleteRecordsBefore(before);
    }

    @Override
    public OptionalLong lowWatermark() {
        return leader.lowWatermark();
    }

    /** Empty unless this broker leads. */
    Optional<ReplicaCounts> counts() {
        return leader.leading(LeaderState::counts);
    }

    @Override
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp) {
        return reader.findByTimestamp(timestamp, highWatermark.offset());
    }

    @Override
    public Optional<OffsetAndTimestamp> maxTimestamp() {
        return reader.maxTimestamp(highWatermark.offset());
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
        waiters.feed().add(listener);
        if (!(role instanceof Leader)) {
            waiters.feed().remove(listener);
        }
    }

    @Override
    public void removeListener(HighWatermarkListener listener) {
        waiters.feed().remove(listener);
    }

    void addReplicaListener(ReplicaListener listener) {
        waiters.add(listener);
    }

    void removeReplicaListener(ReplicaListener listener) {
        waiters.remove(listener);
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
    public boolean isFollower() {
        return role instanceof Follower;
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
        return highWatermark.lastStableOffset();
    }

    @Override
    public long logEndOffset() {
        return log.end().offset();
    }

    @Override
    public long leaderEpochStartOffset() {
        return role instanceof Leader now ? now.state().epochStartOffset() : 0;
    }

    /** As {@link ReplicaLog#durableEnd}. */
    long durableEnd() {
        return log.durableEnd();
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    ReplicaLog log() {
        return log;
    }

    ReplicaRole role() {
        return role;
    }
}
