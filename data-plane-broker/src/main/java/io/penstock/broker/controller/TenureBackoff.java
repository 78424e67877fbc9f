package io.penstock.broker.controller;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a broker that was the controller lets others go first before it stands again. Each short
 * tenure doubles it: whoever cannot read or write the cluster's state would else be elected and
 * give up many times a second, and hold the others up.
 */
final class TenureBackoff {

    private static final long FIRST_MILLIS = 100;

    /** With the random half on top it stays below ten seconds. */
    private static final long LAST_MILLIS = 6_400;

    private static final Duration STEADY = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private long nextMillis = FIRST_MILLIS;

    TenureBackoff(RandomGenerator random) {
        this.random = random;
    }

    Duration afterTenureOf(Duration lasted) {
        if (lasted.compareTo(STEADY) >= 0) {
            nextMillis = FIRST_MILLIS;
        }
        long millis = nextMillis + random.nextLong(nextMillis / 2 + 1);
        nextMillis = Math.min(2 * nextMillis, LAST_MILLIS);
        return Duration.ofMillis(millis);
    }
}
