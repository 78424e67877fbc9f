package io.penstock.broker.replication;

import io.penstock.broker.metadata.PartitionState;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One tenure of a leader: whom it counts as in sync, how far its followers are, and what follows
 * from that for the high watermark. Decides only; belongs to the partition's lock.
 *
 * <p>The high watermark never passes the log end of a member of the maximal in-sync set, and stands
 * still while fewer replicas than the minimum are committed as in sync (KIP-966): so members that
 * leave below the minimum still hold every committed record, and may be elected.
 */
final class LeaderState {

    private static final long REFUSED_NANOS = 500_000_000L;
    private static final long UNANSWERED_NANOS = 1_000_000_000L;
    static final long UNKNOWN_EPOCH = -1;

    private final int self;
    private final int epoch;
    private final long epochStartOffset;
    private final ReplicationSettings settings;
    private final OwnPulse pulse;
    private final FollowerPulses pulses;
    private final Map<Integer, FollowerReplica> followers = new HashMap<>();
    private InSyncReplicas inSync;
    private int minimumInSync;

    LeaderState(
            int self,
            PartitionState state,
            int minimumInSync,
            long epochStartOffset,
            ReplicationSettings settings,
            OwnPulse pulse,
            FollowerPulses pulses,
            long nowNanos) {
        this.self = self;
        this.epoch = state.leaderEpoch();
        this.epochStartOffset = epochStartOffset;
        this.settings = settings;
        this.pulse = pulse;
        this.pulses = pulses;
        commit(state, minimumInSync, nowNanos);
    }

    /** Takes over a state of this epoch that the controller committed. */
    void update(PartitionState state, int newMinimum, long nowNanos) {
        if (state.partitionEpoch() > inSync.partitionEpoch()) {
            commit(state, newMinimum, nowNanos);
        } else {
            minimumInSync = newMinimum;
        }
    }

    private void commit(PartitionState state, int newMinimum, long nowNanos) {
        minimumInSync = newMinimum;
        inSync =
                InSyncReplicas.committed(
                        state.inSync(), state.eligible(), state.partitionEpoch(), nowNanos);
        followers.keySet().retainAll(state.replicas());
        for (int replica : state.replicas()) {
            if (replica != self) {
                followers.computeIfAbsent(
                        replica, id -> new FollowerReplica(id, nowNanos, pulses.of(id, nowNanos)));
            }
        }
    }

    int epoch() {
        return epoch;
    }

    long epochStartOffset() {
        return epochStartOffset;
    }

    boolean enoughInSync() {
        return inSync.committed().size() >= minimumInSync;
    }

    int minimumInSync() {
        return minimumInSync;
    }

    ReplicaCounts counts() {
        return new ReplicaCounts(followers.size() + 1, inSync.committed().size(), minimumInSync);
    }

    List<Integer> committedInSync() {
        return inSync.committed();
    }

    boolean isAlone() {
        return followers.isEmpty();
    }

    void grew(long oldEnd, long nowNanos) {
        for (FollowerReplica follower : followers.values()) {
            follower.leaderGrows(oldEnd, nowNanos);
        }
    }

    /** Takes note of how far a follower is; false if this leader does not take it for a replica. */
    boolean reached(FollowerReport report, long logEnd, long nowNanos) {
        FollowerReplica follower = followers.get(report.brokerId());
        if (follower == null || follower.isStale(report.brokerEpoch())) {
            return false;
        }
        follower.asked(report, logEnd, nowNanos);
        return true;
    }

    /**
     * The follower does not ask for this partition any more, though it may for others; false if
     * this leader does not take it for a replica.
     */
    boolean left(FollowerReport last) {
        FollowerReplica follower = followers.get(last.brokerId());
        if (follower == null) {
            return false;
        }
        follower.left(last.pulse());
        return true;
    }

    /**
     * The offset that all have reached who count. Those who may join soon count as well, or a busy
     * leader would run away from them for ever. While anybody outside the in-sync replicas may be
     * elected it stands still (I3), even if this broker's minimum is not the controller's.
     */
    long highWatermark(long logEnd, long present, EligibleBrokers brokers, long nowNanos) {
        if (!enoughInSync() || !inSync.eligible().isEmpty()) {
            return present;
        }
        long lowest = logEnd;
        for (FollowerReplica follower : followers.values()) {
            if (inSync.maximal().contains(follower.id())) {
                lowest = Math.min(lowest, follower.hasAsked() ? follower.logEnd() : present);
            } else if (follower.isFollowing()
                    && keepsUp(follower, logEnd, nowNanos)
                    && isEligible(follower, brokers)) {
                lowest = Math.min(lowest, follower.logEnd());
            }
        }
        return Math.max(present, lowest);
    }

    /** Whether the controller should be asked for other in-sync replicas as soon as may be. */
    boolean wantsChange(long logEnd, long watermark, EligibleBrokers brokers, long nowNanos) {
        return inSync.mayPropose(nowNanos)
                && (inSync.doubtful()
                        || mayLeave(logEnd, nowNanos)
                        || mayJoin(logEnd, watermark, brokers, nowNanos));
    }

    /** Looked at with every fetch of a follower: allocates nothing. */
    private boolean mayLeave(long logEnd, long nowNanos) {
        List<Integer> members = inSync.committed();
        for (int i = 0; i < members.size(); i++) {
            if (!keepsUp(members.get(i), logEnd, nowNanos)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayJoin(long logEnd, long watermark, EligibleBrokers brokers, long nowNanos) {
        for (FollowerReplica follower : followers.values()) {
            if (!inSync.committed().contains(follower.id())
                    && mayJoin(follower, logEnd, watermark, brokers, nowNanos)) {
                return true;
            }
        }
        return false;
    }

    private boolean keepsUp(int member, long logEnd, long nowNanos) {
        FollowerReplica follower = followers.get(member);
        return member == self || (follower != null && keepsUp(follower, logEnd, nowNanos));
    }

    /**
     * Who lags may catch up, and has a long time for it. Who does not ask at all any more, though
     * its session with ZooKeeper goes on, is cut off from this leader or stands still, and
     * producers would wait for it all that time.
     */
    private boolean keepsUp(FollowerReplica follower, long logEnd, long nowNanos) {
        boolean silent =
                follower.isSilent(nowNanos, silenceLimit())
                        && pulse.awakeNanos(nowNanos) > silenceLimit();
        return !silent && follower.isCaughtUp(logEnd, nowNanos, settings.lagLimit().toNanos());
    }

    /**
     * The in-sync replicas to ask for; from then on they count. Empty when there is nothing to ask,
     * or a question is under way.
     */
    List<Integer> propose(long logEnd, long watermark, EligibleBrokers brokers, long nowNanos) {
        if (!wantsChange(logEnd, watermark, brokers, nowNanos)) {
            return List.of();
        }
        List<Integer> wanted = wanted(logEnd, watermark, brokers, nowNanos);
        inSync = inSync.propose(wanted);
        return wanted;
    }

    private List<Integer> wanted(
            long logEnd, long watermark, EligibleBrokers brokers, long nowNanos) {
        List<Integer> wanted = new ArrayList<>(followers.size() + 1);
        for (int member : inSync.committed()) {
            if (keepsUp(member, logEnd, nowNanos)) {
                wanted.add(member);
            }
        }
        for (FollowerReplica follower : followers.values()) {
            if (!inSync.committed().contains(follower.id())
                    && mayJoin(follower, logEnd, watermark, brokers, nowNanos)) {
                wanted.add(follower.id());
            }
        }
        return wanted;
    }

    private boolean mayJoin(
            FollowerReplica follower,
            long logEnd,
            long watermark,
            EligibleBrokers brokers,
            long nowNanos) {
        return follower.isFollowing()
                && follower.logEnd() >= watermark
                && follower.logEnd() >= epochStartOffset
                && keepsUp(follower, logEnd, nowNanos)
                && !follower.isSilent(nowNanos, silenceLimit())
                && isEligible(follower, brokers);
    }

    private static boolean isEligible(FollowerReplica follower, EligibleBrokers brokers) {
        OptionalLong known = brokers.epochOf(follower.id());
        return known.isPresent() && known.getAsLong() == follower.brokerEpoch();
    }

    private long silenceLimit() {
        return settings.silenceLimit().toNanos();
    }

    int partitionEpoch() {
        return inSync.partitionEpoch();
    }

    long brokerEpochOf(int replica, EligibleBrokers brokers) {
        FollowerReplica follower = followers.get(replica);
        return follower != null && follower.hasAsked()
                ? follower.brokerEpoch()
                : brokers.epochOf(replica).orElse(UNKNOWN_EPOCH);
    }

    void refused(int proposedAt, long nowNanos) {
        if (isOpen(proposedAt)) {
            inSync = inSync.refused(nowNanos + REFUSED_NANOS);
        }
    }

    void unanswered(int proposedAt, long nowNanos) {
        if (isOpen(proposedAt)) {
            inSync = inSync.unanswered(nowNanos + UNANSWERED_NANOS);
        }
    }

    private boolean isOpen(int proposedAt) {
        return inSync.partitionEpoch() == proposedAt && inSync.underWay();
    }

    /** Whether everybody who may be elected in its place still asks this leader for more. */
    boolean isFollowed(long nowNanos) {
        Set<Integer> successors = new HashSet<>(inSync.maximal());
        successors.addAll(inSync.eligible());
        successors.remove(self);
        for (int successor : successors) {
            FollowerReplica follower = followers.get(successor);
            if (follower == null
                    || !follower.hasAsked()
                    || follower.isSilent(nowNanos, settings.silence().toNanos())) {
                return false;
            }
        }
        return true;
    }

    /** Where the logs of all who live begin at least; -1 while one of them has not told. */
    long lowWatermark(long logStart, EligibleBrokers brokers) {
        long lowest = logStart;
        for (FollowerReplica follower : followers.values()) {
            if (brokers.epochOf(follower.id()).isPresent()) {
                lowest = Math.min(lowest, follower.logStart());
            }
        }
        return lowest;
    }

    /** In-sync followers that hold the offset, with their log ends. */
    Map<Integer, Long> inSyncFollowersWith(long offset) {
        Map<Integer, Long> found = new HashMap<>();
        for (FollowerReplica follower : followers.values()) {
            if (inSync.committed().contains(follower.id())
                    && follower.logEnd() >= offset
                    && follower.logStart() <= offset) {
                found.put(follower.id(), follower.logEnd());
            }
        }
        return found;
    }
}
