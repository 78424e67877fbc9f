package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps work with the disk below a rate, by pausing the thread that does it. */
final class IoThrottle {

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double bytesPerSecond;
    private final Clock clock;
    private double debt;
    private long lastNanos;

    IoThrottle(double bytesPerSecond, Clock clock) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.lastNanos = clock.monotonicNanos();
    }

    /** To be called after so many bytes were read or written. */
    void moved(long bytes) {
        long pause = pauseFor(bytes);
        if (pause > 0) {
            LockSupport.parkNanos(pause);
        }
    }

    /** Nanoseconds to pause, a second at most: a longer debt is paid off in several pauses. */
    synchronized long pauseFor(long bytes) {
        long now = clock.monotonicNanos();
        debt = Math.max(0, debt - (now - lastNanos) * bytesPerSecond / 1e9);
        lastNanos = now;
        debt += bytes;
        return (long) Math.min(LONGEST_PAUSE_NANOS, debt / bytesPerSecond * 1e9);
    }
}
