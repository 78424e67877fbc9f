package io.penstock.broker.replication;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A partition on this broker: its log, this broker's role, and the high watermark, which is kept
 * apart from the log's end. Role and high watermark change under the lock; everybody who waits is
 * woken after it was let go.
 */
public final class LocalPartition implements Partition {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPartition.class);
    private static final short ACKS_ALL = -1;

    private final PartitionContext context;
    private final ReplicaLog log;
    private final HighWatermark highWatermark;
    private final FollowerPart follower;
    private final InSyncPart inSync;
    private final PartitionReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final PartitionWaiters waiters = new PartitionWaiters(this::highWatermark);

    private volatile ReplicaRole role = new Leaderless(-1);
    private volatile List<Integer> committedInSync = List.of();

    /** What followers were told of last. */
    private volatile long toldHighWatermark = -1;

    LocalPartition(PartitionContext context, ReplicaLog log, long checkpointedHighWatermark) {
        this.context = context;
        this.log = log;
        this.reader = new PartitionReader(log);
        this.highWatermark = new HighWatermark(log, checkpointedHighWatermark);
        this.follower =
                new FollowerPart(
                        lock,
                        log,
                        highWatermark,
                        epoch -> role instanceof Follower now && now.epoch() == epoch,
                        this::wakeReached);
        this.inSync = new InSyncPart(this, context);
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
            committedInSync = state.inSync();
            belowMinimum = role instanceof Leader leader && !leader.state().enoughInSync();
            advanceHighWatermark();
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
        wakeReached();
        return transition;
    }

    private Transition transition(ReplicaRole before, PartitionState state, int minimumInSync)
            throws IOException {
        long now = context.clock().monotonicNanos();
        int epoch = state.leaderEpoch();
        boolean led = before instanceof Leader;
        int minimum = Math.min(minimumInSync, state.replicas().size());
        if (state.leader() != context.self()) {
            role = state.hasLeader() ? new Follower(epoch, state.leader()) : new Leaderless(epoch);
            return led
                    ? new Transition.Resigned(OptionalInt.of(epoch))
                    : new Transition.Unchanged();
        }
        if (before instanceof Leader leader && leader.epoch() == epoch) {
            leader.state().update(state, minimum, now);
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
        AppendResult result;
        long watermark = highWatermark.offset();
        lock.lock();
        try {
            if (!(role instanceof Leader leader)) {
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
            if (result instanceof Appended done && !done.duplicate()) {
                if (!state.isAlone()) {
                    state.grew(oldEnd, context.clock().monotonicNanos());
                }
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
        if (result instanceof Appended done && !done.duplicate()) {
            waiters.tellReplicas();
            wakeReached();
        } else if (highWatermark.offset() != watermark) {
            wakeReached();
        }
        return result;
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
            context.inSyncChange().accept(this);
        }
        return Optional.empty();
    }

    private void advanceHighWatermark() throws IOException {
        if (!(role instanceof Leader leader)) {
            return;
        }
        long end = log.end().offset();
        long present = highWatermark.offset();
        LeaderState state = leader.state();
        long now = state.isAlone() ? 0 : context.clock().monotonicNanos();
        highWatermark.raise(state.highWatermark(end, present, context.brokers(), now));
    }

    /** Does something with the present tenure, if there is one; then looks who is to be woken. */
    <T> Optional<T> whileLeading(Function<LeaderState, T> work) {
        Optional<T> result = Optional.empty();
        lock.lock();
        try {
            if (role instanceof Leader leader) {
                result = Optional.of(work.apply(leader.state()));
                advanceHighWatermark();
            }
        } catch (IOException failure) {
            LOG.error("{}: the high watermark did not advance", topicPartition(), failure);
        } finally {
            lock.unlock();
        }
        wakeReached();
        return result;
    }

    /** By the newest state that the controller committed. */
    boolean isInSync(int replica) {
        return committedInSync.contains(replica);
    }

    FollowerPart follower() {
        return follower;
    }

    InSyncPart inSync() {
        return inSync;
    }

    private void wakeReached() {
        long watermark = highWatermark.offset();
        waiters.reached(log.end().offset(), watermark, lastStableOffset());
        if (watermark != toldHighWatermark) {
            toldHighWatermark = watermark;
            waiters.tellReplicasHighWatermark();
        }
    }

    @Override
    public void whenCommitted(long offset, Waiter waiter) {
        waiters.awaitCommit(offset, waiter);
        // Registered first and looked then, so that no advance between the two is missed.
        if (role instanceof Leader) {
            wakeReached();
        } else {
            waiters.wakeAll();
        }
    }

    @Override
    public void whenReadable(long offset, Isolation isolation, Waiter waiter) {
        waiters.awaitReadable(offset + 1, isolation, waiter);
        if (role instanceof Leader || role instanceof Follower) {
            wakeReached();
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
        lock.lock();
        try {
            if (!(role instanceof Leader leader) || leader.epoch() != leaderEpoch) {
                return Acknowledgement.NOT_LEADER;
            }
            if (highWatermark.offset() >= offset) {
                return Acknowledgement.COMMITTED;
            }
            if (!leader.state().enoughInSync()) {
                return Acknowledgement.NOT_ENOUGH_REPLICAS;
            }
            return mayAnswerAlone() ? Acknowledgement.PENDING : Acknowledgement.NOT_LEADER;
        } finally {
            lock.unlock();
        }
    }

    /** Producers wait in vain for a leader that has a successor: they look for it sooner. */
    void reconsiderProducers() {
        if (!mayAnswerAlone()) {
            waiters.wakeProducers();
        }
    }

    @Override
    public boolean mayAnswerAlone() {
        return context.lease().isHeld()
                || leading(leader -> leader.isFollowed(context.clock().monotonicNanos()))
                        .orElse(false);
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
        return leading(leader -> leader.inSyncFollowersWith(offset)).orElse(Map.of());
    }

    @Override
    public OptionalLong deleteRecordsBefore(long before) throws IOException {
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

    /** Empty unless this broker leads. */
    Optional<ReplicaCounts> counts() {
        return leading(LeaderState::counts);
    }

    /** Looks at the present tenure, if there is one. */
    private <T> Optional<T> leading(Function<LeaderState, T> look) {
        lock.lock();
        try {
            return role instanceof Leader leader
                    ? Optional.of(look.apply(leader.state()))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
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
        return Math.min(log.firstUnstableOffset(), highWatermark.offset());
    }

    @Override
    public long logEndOffset() {
        return log.end().offset();
    }

    @Override
    public long leaderEpochStartOffset() {
        return role instanceof Leader leader ? leader.state().epochStartOffset() : 0;
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
