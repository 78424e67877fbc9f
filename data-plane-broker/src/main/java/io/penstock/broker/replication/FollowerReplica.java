package io.penstock.broker.replication;

/**
 * What a leader knows of one follower in its epoch. Belongs to the partition's lock.
 *
 * <p>A follower is caught up while it has all that the leader has, and until {@code lagLimit} after
 * it last had all that the leader had when it asked before (KAFKA-1546): under a steady load none
 * ever reaches the very end.
 */
final class FollowerReplica {

    private static final long UNKNOWN = -1;

    private final int id;
    private long brokerEpoch = UNKNOWN;
    private long logEnd = UNKNOWN;
    private long logStart = UNKNOWN;
    private long caughtUpNanos;
    private long askedNanos;
    private long leaderEndWhenAsked;
    private final FollowerPulse elsewhere;
    private FollowerPulse pulse;
    private boolean following;

    /**
     * Before its first fetch a follower counts as caught up and heard of at the leader's election.
     *
     * @param elsewhere of this follower in any partition
     */
    FollowerReplica(int id, long electedNanos, FollowerPulse elsewhere) {
        this.id = id;
        this.caughtUpNanos = electedNanos;
        this.elsewhere = elsewhere;
        this.pulse = new FollowerPulse(electedNanos);
    }

    /** Whether it asks from an incarnation that was replaced. */
    boolean isStale(long epoch) {
        return epoch < brokerEpoch;
    }

    void asked(FollowerReport report, long leaderEnd, long nowNanos) {
        if (report.fetchOffset() >= leaderEnd) {
            caughtUpNanos = nowNanos;
        } else if (hasAsked()
                && report.brokerEpoch() == brokerEpoch
                && report.fetchOffset() >= leaderEndWhenAsked) {
            caughtUpNanos = Math.max(caughtUpNanos, askedNanos);
        }
        brokerEpoch = report.brokerEpoch();
        logEnd = report.fetchOffset();
        logStart = report.logStart();
        pulse = report.pulse();
        following = true;
        askedNanos = nowNanos;
        leaderEndWhenAsked = leaderEnd;
    }

    /** The leader's log grows: who had it all until now was caught up until now. */
    void leaderGrows(long oldEnd, long nowNanos) {
        if (logEnd >= oldEnd) {
            caughtUpNanos = nowNanos;
        }
    }

    /** Whether it asks for this partition now: only then it may join the in-sync replicas. */
    boolean isFollowing() {
        return following;
    }

    boolean hasAsked() {
        return logEnd != UNKNOWN;
    }

    boolean isCaughtUp(long leaderEnd, long nowNanos, long lagLimitNanos) {
        return logEnd >= leaderEnd || nowNanos - caughtUpNanos <= lagLimitNanos;
    }

    /** It follows this partition no more in the session of this pulse, which may go on. */
    void left(FollowerPulse session) {
        if (pulse == session) {
            following = false;
            pulse = pulse.stopped();
        }
    }

    boolean isSilent(long nowNanos, long limitNanos) {
        return pulse.silentNanos(nowNanos) > limitNanos
                && (hasAsked() || elsewhere.silentNanos(nowNanos) > limitNanos);
    }

    int id() {
        return id;
    }

    long brokerEpoch() {
        return brokerEpoch;
    }

    long logEnd() {
        return logEnd;
    }

    long logStart() {
        return logStart;
    }
}
