package io.penstock.broker.replication;

import java.time.Duration;

/**
 * How long this process has been awake without a longer pause. While it stood still, its followers'
 * fetches lay unread, so their silence in that time says nothing about them.
 *
 * <p>A pause is one when nobody called {@link #beat} for half of the silence that is judged:
 * shorter ones, as on a busy machine, leave a follower that asks every half second far from the
 * limit.
 */
final class OwnPulse {

    private final long pauseNanos;
    private volatile long awakeSinceNanos;
    private volatile long lastNanos;

    OwnPulse(Duration silenceLimit, long nowNanos) {
        this.pauseNanos = silenceLimit.toNanos() / 2;
        this.awakeSinceNanos = nowNanos;
        this.lastNanos = nowNanos;
    }

    /** To be called much more often than a pause lasts, always on the same thread. */
    void beat(long nowNanos) {
        if (nowNanos - lastNanos > pauseNanos) {
            awakeSinceNanos = nowNanos;
        }
        lastNanos = nowNanos;
    }

    /** Nothing while the end of a pause is not noticed yet. */
    long awakeNanos(long nowNanos) {
        return nowNanos - lastNanos > pauseNanos ? 0 : nowNanos - awakeSinceNanos;
    }
}
