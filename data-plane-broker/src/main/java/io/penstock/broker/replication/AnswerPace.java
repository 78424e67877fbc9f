package io.penstock.broker.replication;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When a follower is answered. At once, as long as appends come one by one: then somebody waits for
 * each of them alone. Where several came between two answers, many producers wait together, and an
 * answer for each of them would cost more than it brings: the next one is not sent before {@link
 * #INTERVAL} has passed since the last, and takes all that has come with it.
 */
final class AnswerPace {

    static final Duration INTERVAL = Duration.ofNanos(1_500_000);

    /** Appends between two answers from which on they are many. */
    static final int MANY = 3;

    private final AtomicInteger appends = new AtomicInteger();
    private boolean many;
    private long answeredNanos;

    AnswerPace(long nowNanos) {
        answeredNanos = nowNanos;
    }

    /** Something was appended that the follower has not; any thread. */
    void appended() {
        appends.incrementAndGet();
    }

    /** Records were sent to the follower. */
    void answered(long nowNanos) {
        many = appends.getAndSet(0) >= MANY;
        answeredNanos = nowNanos;
    }

    /** Zero, or how long an answer is to be kept back yet. */
    Duration beforeAnswering(long nowNanos) {
        long left = many ? answeredNanos + INTERVAL.toNanos() - nowNanos : 0;
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }
}
