package io.penstock.launcher.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Bounded waiting for a condition of another process. */
public final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Waiting() {}

    /** True as soon as the condition holds, false when the limit has passed. */
    public static boolean until(Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }
}
