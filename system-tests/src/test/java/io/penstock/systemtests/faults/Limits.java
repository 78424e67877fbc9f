package io.penstock.systemtests.faults;

import java.time.Duration;

/**
 * How long what ought to happen may take, on a machine that has other things to do as well. The
 * report says how long it took; these only end what will never happen.
 */
final class Limits {
    /** Until a started process serves. */
    static final Duration START = Duration.ofMinutes(4);

    /** Until a process that was told to end has ended. */
    static final Duration EXIT = Duration.ofMinutes(2);

    /** Until another broker leads. */
    static final Duration SUCCESSION = Duration.ofMinutes(2);

    /**
     * Until two brokers that lose each other count without each other: the session's six seconds,
     * and time to look; or until nobody counts a broker without space. Well below
     * replica.lag.time.max.ms, for which nobody waits any more.
     */
    static final Duration SEPARATION = Duration.ofSeconds(20);

    /** Until clients go on. */
    static final Duration PROGRESS = Duration.ofMinutes(4);

    /** Until all replicas are in sync. */
    static final Duration IN_SYNC = Duration.ofMinutes(4);

    /** Until followers have what leaders have, and readers all that is there. */
    static final Duration CATCH_UP = Duration.ofMinutes(2);

    private Limits() {}
}
