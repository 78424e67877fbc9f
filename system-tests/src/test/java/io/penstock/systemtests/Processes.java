package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the kernel says about running processes. */
public final class Processes {
    private static final Duration END_LIMIT = Duration.ofMinutes(1);

    private Processes() {}

    /** The arguments, separated by blanks; empty for what has ended. */
    public static String commandLine(long pid) {
        try {
            return Files.readString(
                            Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    static String workingDirectory(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Processes on whose command line, or in whose working directory, the text stands. */
    public static List<Long> bearing(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> bears(pid, text))
                .toList();
    }

    /** Waits until no process bears the text any more, as when children of an ended one end. */
    static void awaitNoneBearing(String text) {
        await("the end of all processes of " + text)
                .atMost(END_LIMIT)
                .untilAsserted(() -> assertThat(describe(bearing(text))).isEmpty());
    }

    /** Waits until the process is gone, or nothing but its exit status is left of it. */
    static void awaitEnd(long pid) {
        await("the end of process " + pid)
                .atMost(END_LIMIT)
                .until(() -> commandLine(pid).isEmpty());
    }

    static boolean bears(long pid, String text) {
        return commandLine(pid).contains(text) || workingDirectory(pid).contains(text);
    }

    /** For messages: each with what it is. */
    static List<String> describe(List<Long> pids) {
        return pids.stream().map(pid -> pid + " " + commandLine(pid)).toList();
    }

    /** A process and all that descend from it. */
    static List<Long> tree(long pid) {
        return Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid))
                .toList();
    }

    static Optional<Long> fromFile(Path pidFile) {
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    public static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
