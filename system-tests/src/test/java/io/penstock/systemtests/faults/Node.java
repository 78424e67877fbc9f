package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.systemtests.Commands;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One process of a cluster, started by the script that people use. */
final class Node {
    private static final Path CHECKOUT =
            Path.of(System.getProperty("penstock.checkout")).toAbsolutePath().normalize();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path output;
    private final URI health;
    private Process process;
    private boolean isOver;

    /**
     * @param role the script's command for such a node
     * @param environment beside the suite's own
     */
    Node(
            String name,
            String role,
            Path properties,
            Path output,
            Network network,
            Map<String, String> environment) {
        this.name = name;
        this.command = new ArrayList<>(network.runAs(name));
        command.addAll(
                List.of(CHECKOUT.resolve("penstock").toString(), role, properties.toString()));
        this.output = output;
        this.environment = environment;
        this.health =
                URI.create(
                        "http://%s:%d/health"
                                .formatted(network.address(name), NodeFiles.MANAGEMENT));
    }

    String name() {
        return name;
    }

    /** Starts the process unless it runs; its output is added to its file. */
    synchronized void start() throws IOException {
        if (isRunning()) {
            return;
        }
        if (isOver) {
            throw new IllegalStateException(name + " was ended for good");
        }
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** SIGKILL without a wait, and no start ever after: the cluster goes. */
    synchronized void end() {
        isOver = true;
        if (isRunning()) {
            process.destroyForcibly();
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() throws InterruptedException {
        signalKill();
        awaitExit();
    }

    /** SIGKILL without a wait. */
    void signalKill() {
        current().destroyForcibly();
    }

    /** SIGTERM, and waits for the end of the controlled stop. */
    void stop() throws InterruptedException {
        current().destroy();
        awaitExit();
    }

    /** What the process ended with. */
    int exitValue() {
        return current().exitValue();
    }

    /** Waits until the process has ended by itself or after a signal. */
    void awaitExit() throws InterruptedException {
        if (!current().waitFor(Limits.EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " does not end; its output is in " + output);
        }
    }

    /** As {@link #awaitExit}; also of a node that was never started. */
    void awaitEnd() throws InterruptedException {
        if (isRunning()) {
            awaitExit();
        }
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** The wall clock as the process reads it, in its own words. */
    String wallClock() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return Commands.run(
                        Limits.EXIT,
                        Path.of("/"),
                        Map.of(),
                        "",
                        List.of(jcmd, Long.toString(current().pid()), "VM.uptime", "-date"))
                .orFail()
                .standard();
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Commands.run(
                        Limits.EXIT,
                        Path.of("/"),
                        Map.of(),
                        "",
                        List.of("kill", "-" + signal, Long.toString(current().pid())))
                .orFail();
    }

    private synchronized Process current() {
        return process;
    }

    /** What the node says of itself, healthy or not; nothing when it does not answer. */
    Optional<JsonNode> health() {
        try {
            var answer =
                    HTTP.send(
                            HttpRequest.newBuilder(health).timeout(ANSWER_LIMIT).build(),
                            BodyHandlers.ofString());
            return Optional.of(new ObjectMapper().readTree(answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Waits until the node serves; fails at once when its process has ended. */
    void awaitRunning(Duration limit) {
        await(name + " serves, its output is in " + output)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            if (!isRunning()) {
                                throw new AssertionError(
                                        name + " has ended; its output is in " + output);
                            }
                            return health().filter(
                                            answer ->
                                                    answer.path("state").asText().equals("RUNNING"))
                                    .isPresent();
                        });
    }
}
