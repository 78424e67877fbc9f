package io.penstock.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Commands {

    private static final int SHOWN_OUTPUT = 1500;

    private Commands() {}

    /** Its output, both streams; anything but exit status 0 within the limit is a failure. */
    public static String run(List<String> command, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return output(builder.start(), command, limit);
    }

    /** As {@link #run}, of a process that was started already. */
    public static String output(Process process, List<String> command, Duration limit)
            throws IOException, InterruptedException {
        try (ScheduledExecutorService watchdog =
                Executors.newSingleThreadScheduledExecutor(Commands::daemon)) {
            watchdog.schedule(() -> end(process), limit.toMillis(), TimeUnit.MILLISECONDS);
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            watchdog.shutdownNow();
            if (status != 0) {
                throw new IOException(
                        program(command) + " ended with status " + status + ": " + tail(output));
            }
            return output;
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    /**
     * With its children, because one that lives on would hold the output open; but they go after
     * it, lest a shell takes a child's end for success.
     */
    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    public static String tail(String output) {
        return output.substring(Math.max(0, output.length() - SHOWN_OUTPUT)).strip();
    }

    /** Of a JVM its main class says more than the path of {@code java}. */
    private static String program(List<String> command) {
        return command.stream()
                .filter(part -> part.startsWith("org.apache.") || part.startsWith("io.penstock."))
                .findFirst()
                .orElse(command.getFirst());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "command-watchdog");
        thread.setDaemon(true);
        return thread;
    }
}
