package io.penstock.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What /proc says about running processes. A process that cannot be read counts as absent. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /**
     * The arguments of a running process, separated by blanks; empty for a zombie or a process that
     * is not there.
     */
    public static Optional<String> commandLine(long pid) {
        try {
            var bytes = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
            var text = new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static List<Long> matching(Predicate<String> commandLine) {
        return pids().stream()
                .filter(pid -> commandLine(pid).filter(commandLine).isPresent())
                .toList();
    }

    /** Processes whose working directory is this folder. */
    public static List<Long> workingIn(Path folder) {
        return pids().stream().filter(pid -> isWorkingIn(pid, folder)).toList();
    }

    private static boolean isWorkingIn(long pid, Path folder) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).equals(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Long> pids() {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Reads a pid file and answers its process only if that still bears the mark: pids are used
     * again.
     */
    public static Optional<Long> fromFile(Path pidFile, String mark) {
        try {
            var pid = Long.parseLong(Files.readString(pidFile).strip());
            return settledCommandLine(pid).filter(line -> line.contains(mark)).map(line -> pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** While a process replaces its program, its command line is empty for a moment. */
    private static Optional<String> settledCommandLine(long pid) {
        for (var attempt = 0; attempt < 20; attempt++) {
            var line = commandLine(pid);
            if (line.isPresent() || !isRunning(pid)) {
                return line;
            }
            LockSupport.parkNanos(1_000_000L);
        }
        return Optional.empty();
    }

    private static boolean isRunning(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"));
            var state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            return false;
        }
    }
}
