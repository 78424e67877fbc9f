package io.penstock.systemtests.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that keeps one processor so busy that the machine as a whole is as busy as
 * asked: it computes for a part of each period, and for more of the next ones while the machine is
 * less busy. Ends with the process that started it.
 */
final class CpuBurner {
    private static final long PERIOD_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private CpuBurner() {}

    /**
     * @param arguments the share of all processors' time that is to be used, in per cent
     */
    public static void main(String[] arguments) throws Exception {
        var wanted = Integer.parseInt(arguments[0]) / 100.0;
        var parent = ProcessHandle.current().parent().orElseThrow();
        var duty = wanted;
        while (parent.isAlive()) {
            var before = ProcessorTime.now();
            var began = System.nanoTime();
            while (System.nanoTime() - began < LOOK_NANOS) {
                burnFor(duty);
            }
            duty = Math.clamp(duty + wanted - ProcessorTime.now().busySince(before), 0.0, 1.0);
        }
    }

    private static void burnFor(double duty) {
        var began = System.nanoTime();
        while (System.nanoTime() - began < duty * PERIOD_NANOS) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(PERIOD_NANOS - (System.nanoTime() - began));
    }
}
