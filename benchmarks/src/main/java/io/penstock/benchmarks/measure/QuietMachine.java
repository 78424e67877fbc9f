package io.penstock.benchmarks.measure;

import java.time.Duration;

/** Waits, for a bounded time, until nobody else uses the machine. */
public final class QuietMachine {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    private QuietMachine() {}

    /** Whether a quiet window came within the limit. */
    public static boolean await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            MachineTimes before = LinuxProcesses.machine();
            double family = LinuxProcesses.ownFamilySeconds();
            Thread.sleep(WINDOW);
            MachineTimes passed = LinuxProcesses.machine().since(before);
            double own = (LinuxProcesses.ownFamilySeconds() - family) * 100;
            double foreign = passed.total() - passed.idle() - own;
            if (foreign * 100 / passed.total() <= Usage.TOLERATED_FOREIGN_PERCENT) {
                return true;
            }
        }
        return false;
    }
}
