package io.penstock.benchmarks.measure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Takes the {@link Usage} between {@link #start} and {@link #stop}. The processes of a side are
 * asked for anew each time, because some scenarios restart them.
 */
public final class Meter {

    /** One process of a side while it runs. */
    public record Watched(String name, boolean broker, long pid) {}

    private static final double QUIET_CPU_PER_PROCESS = 0.02;
    private static final Duration QUIET_STEP = Duration.ofMillis(200);
    private static final int QUIET_STEPS = 25;

    private final Supplier<List<Watched>> side;
    private final Supplier<List<Watched>> waitingSides;
    private final long startNanos = System.nanoTime();
    private final MachineTimes machine = LinuxProcesses.machine();
    private final double family = LinuxProcesses.ownFamilySeconds();
    private final Map<Long, Double> before = new HashMap<>();
    private final double waitingBefore;

    private Meter(Supplier<List<Watched>> side, Supplier<List<Watched>> waitingSides) {
        this.side = side;
        this.waitingSides = waitingSides;
        side.get().forEach(process -> before.put(process.pid(), seconds(process)));
        waitingBefore = sum(waitingSides.get());
    }

    public static Meter start(Supplier<List<Watched>> side, Supplier<List<Watched>> waitingSides) {
        return new Meter(side, waitingSides);
    }

    /**
     * Waits a few seconds at most until the side is quiet, so that replication which lags behind
     * the last acknowledgement is counted too.
     */
    public Usage stopWhenQuiet() throws InterruptedException {
        double wall = elapsedSeconds();
        awaitQuiet(side);
        return stop(wall);
    }

    /** Whether the processes rested within a few seconds. */
    public static boolean awaitQuiet(Supplier<List<Watched>> processes)
            throws InterruptedException {
        for (int step = 0; step < QUIET_STEPS; step++) {
            double used = sum(processes.get());
            Thread.sleep(QUIET_STEP);
            if (sum(processes.get()) - used <= QUIET_CPU_PER_PROCESS * processes.get().size()) {
                return true;
            }
        }
        return false;
    }

    public Usage stop() {
        return stop(elapsedSeconds());
    }

    private Usage stop(double wallSeconds) {
        MachineTimes passed = LinuxProcesses.machine().since(machine);
        double all = LinuxProcesses.ownFamilySeconds() - family;
        double waiting = sum(waitingSides.get()) - waitingBefore;
        List<Usage.ProcessUsage> processes = side.get().stream().map(this::usage).toList();
        double measured = processes.stream().mapToDouble(Usage.ProcessUsage::cpuSeconds).sum();
        double total = Math.max(1, passed.total());
        double foreign = passed.total() - passed.idle() - passed.stolen() - all * 100;
        return new Usage(
                wallSeconds,
                processes,
                Math.max(0, all - measured - waiting),
                Math.max(0, 100 * foreign / total),
                100 * passed.stolen() / total,
                Math.max(0, 100 * waiting * 100 / total),
                100 * passed.idle() / total);
    }

    private Usage.ProcessUsage usage(Watched process) {
        return new Usage.ProcessUsage(
                process.name(),
                process.broker(),
                process.pid(),
                seconds(process) - before.getOrDefault(process.pid(), 0.0),
                LinuxProcesses.memory(process.pid()));
    }

    private double elapsedSeconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static double sum(List<Watched> processes) {
        return processes.stream().mapToDouble(Meter::seconds).sum();
    }

    private static double seconds(Watched process) {
        return LinuxProcesses.times(process.pid()).ownSeconds();
    }
}
