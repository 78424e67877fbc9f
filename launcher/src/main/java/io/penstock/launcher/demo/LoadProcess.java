package io.penstock.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A client in a process of its own. It reports as lines of JSON on its standard output; a line on
 * its standard input lets it begin, the end of that input lets it finish.
 */
final class LoadProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final Path log;
    private volatile JsonNode report = JSON.createObjectNode();

    private LoadProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static LoadProcess start(
            Installation installation,
            String name,
            String main,
            List<String> arguments,
            Path folder)
            throws IOException {
        var log = folder.resolve(name + ".log");
        var command =
                new ArrayList<>(
                        List.of(
                                installation.java().toString(),
                                "-Xmx320m",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.penstock.launcher.load." + main));
        command.addAll(arguments);
        var process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                        .start();
        var load = new LoadProcess(name, process, log);
        Thread.ofVirtual().name("report of " + name).start(load::readReports);
        return load;
    }

    /** The last report. */
    JsonNode report() {
        return report;
    }

    long number(String field) {
        return report.path(field).asLong();
    }

    void begin() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    void finish() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits for a condition, and fails at once when the process ends with an error before. */
    void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            check();
            if (System.nanoTime() - deadline > 0) {
                throw new LaunchFailure(
                        "The demo's %s: %s took longer than %d seconds."
                                .formatted(name, what, limit.toSeconds()),
                        "See " + log + ".");
            }
            Thread.sleep(50);
        }
    }

    void check() {
        if (!process.isAlive() && process.exitValue() != 0) {
            throw new LaunchFailure(
                    "The demo's %s ended with status %d.".formatted(name, process.exitValue()),
                    "See " + log + ".");
        }
    }

    boolean ended() {
        return !process.isAlive() && report.path("done").asBoolean();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readReports() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                report = JSON.readTree(line);
            }
        } catch (IOException e) {
            // The process has ended in the middle of a line; its exit status tells the rest.
        }
    }
}
