package io.penstock.broker.replication;

import io.penstock.broker.time.Clock;

import java.time.Duration;

/**
 * How many bytes a second throttled replicas may send or receive together: a bucket that fills at
 * that rate, holds one second's worth, and may be overdrawn by one answer.
 */
final class ReplicationQuota {

    static final long UNLIMITED = Long.MAX_VALUE;

    private final Clock clock;
    private long bytesPerSecond = UNLIMITED;
    private double available;
    private long filledNanos;

    ReplicationQuota(Clock clock) {
        this.clock = clock;
    }

    synchronized void limit(long newBytesPerSecond) {
        if (newBytesPerSecond != bytesPerSecond) {
            bytesPerSecond = Math.max(1, newBytesPerSecond);
            available = bytesPerSecond;
            filledNanos = clock.monotonicNanos();
        }
    }

    /** How long to wait before more may pass; zero when it may now. */
    synchronized Duration pause() {
        if (bytesPerSecond == UNLIMITED) {
            return Duration.ZERO;
        }
        fill();
        return available > 0
                ? Duration.ZERO
                : Duration.ofNanos((long) (-available / bytesPerSecond * 1e9) + 1_000_000);
    }

    synchronized void passed(int bytes) {
        if (bytesPerSecond != UNLIMITED) {
            fill();
            available -= bytes;
        }
    }

    private void fill() {
        long now = clock.monotonicNanos();
        double filled = available + (now - filledNanos) / 1e9 * bytesPerSecond;
        available = Math.min(bytesPerSecond, filled);
        filledNanos = now;
    }
}
