package io.penstock.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads {@code /proc}. A process that has ended has used nothing: its parent's sum has it. */
public final class LinuxProcesses {

    private static final Path PROC = Path.of("/proc");

    private LinuxProcesses() {}

    public static ProcessTimes times(long pid) {
        try {
            return ProcessTimes.parse(Files.readString(PROC.resolve(pid + "/stat")));
        } catch (IOException e) {
            return ProcessTimes.NONE;
        }
    }

    public static Memory memory(long pid) {
        try {
            return Memory.parse(Files.readAllLines(PROC.resolve(pid + "/status")));
        } catch (IOException e) {
            return Memory.NONE;
        }
    }

    public static MachineTimes machine() {
        try (Stream<String> lines = Files.lines(PROC.resolve("stat"))) {
            return MachineTimes.parse(lines.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** CPU seconds by name of thread, of the threads that live now. */
    public static Map<String, Double> threads(long pid) {
        Map<String, Double> seconds = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(PROC.resolve(pid + "/task"))) {
            for (Path task : tasks.toList()) {
                addThread(task, seconds);
            }
        } catch (IOException e) {
            return Map.of();
        }
        return seconds;
    }

    private static void addThread(Path task, Map<String, Double> seconds) {
        try {
            String name = Files.readString(task.resolve("comm")).trim();
            double used = ProcessTimes.parse(Files.readString(task.resolve("stat"))).ownSeconds();
            seconds.merge(name, used, Double::sum);
        } catch (IOException e) {
            // The thread ended between the listing and the reading.
        }
    }

    /**
     * CPU seconds of this process and everything it ever started: what ends moves from its own
     * figure into that of the parent that waited for it, so the sum never falls.
     */
    public static double ownFamilySeconds() {
        ProcessHandle self = ProcessHandle.current();
        List<Long> family =
                Stream.concat(Stream.of(self), self.descendants()).map(ProcessHandle::pid).toList();
        return family.stream().mapToDouble(pid -> times(pid).allSeconds()).sum();
    }
}
