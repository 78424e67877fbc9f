package io.penstock.broker.time;

import java.util.concurrent.TimeUnit;

/**
 * The two readings of time that the broker takes. Everything that reads a clock takes it from here,
 * so that a simulation can run on virtual time.
 */
public interface Clock {

    Clock SYSTEM =
            new Clock() {
                @Override
                public long wallMillis() {
                    return System.currentTimeMillis();
                }

                @Override
                public long monotonicNanos() {
                    return System.nanoTime();
                }
            };

    /** Wall-clock time in milliseconds since the epoch; may jump in both directions. */
    long wallMillis();

    /** Monotonic time in nanoseconds from an arbitrary origin; only differences mean something. */
    long monotonicNanos();

    /** Monotonic time in milliseconds from an arbitrary origin. */
    default long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(monotonicNanos());
    }
}
