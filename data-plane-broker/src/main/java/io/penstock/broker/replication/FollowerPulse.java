package io.penstock.broker.replication;

/**
 * When a follower was heard of last. Shared by all partitions of its session, so that a fetch keeps
 * those alive too that it does not mention.
 */
final class FollowerPulse {

    private volatile long lastNanos;

    FollowerPulse(long nowNanos) {
        lastNanos = nowNanos;
    }

    void beat(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** The same until now, and without another beat. */
    FollowerPulse stopped() {
        return new FollowerPulse(lastNanos);
    }

    long silentNanos(long nowNanos) {
        return nowNanos - lastNanos;
    }
}
