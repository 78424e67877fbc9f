package io.penstock.broker.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, which can be killed. */
final class BrokerProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final int id;
    private final Path file;
    private final Path log;
    private final URI management;
    private final HttpClient http;
    private Process process;

    private BrokerProcess(int id, Path file, Path log, URI management, HttpClient http) {
        this.id = id;
        this.file = file;
        this.log = log;
        this.management = management;
        this.http = http;
    }

    /** Writes the file; {@link #start} runs it. */
    static BrokerProcess of(Path folder, Properties properties, HttpClient http) {
        int id = Integer.parseInt(properties.getProperty("broker.id"));
        Path file = folder.resolve("broker-" + id + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new BrokerProcess(
                id,
                file,
                folder.resolve("broker-" + id + ".log"),
                URI.create("https://" + properties.getProperty("penstock.management.listener")),
                http);
    }

    int id() {
        return id;
    }

    /** Returns at once. */
    BrokerProcess start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        process =
                new ProcessBuilder(
                                List.of(
                                        java,
                                        "-Xmx256m",
                                        "-XX:TieredStopAtLevel=1",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        classPath,
                                        "io.penstock.broker.app.BrokerMain",
                                        file.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return this;
    }

    BrokerProcess awaitRunning() {
        await("broker " + id + " to serve, see " + log)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () ->
                                isAlive()
                                        && get("/health")
                                                .filter(r -> r.statusCode() == 200)
                                                .isPresent());
        return this;
    }

    private boolean isAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("broker " + id + " ended:\n" + output());
        }
        return true;
    }

    /** Empty while the management port is not open. */
    java.util.Optional<HttpResponse<String>> get(String path) throws InterruptedException {
        try {
            return java.util.Optional.of(
                    http.send(
                            HttpRequest.newBuilder(management.resolve(path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return java.util.Optional.empty();
        }
    }

    /** As a crash: no signal that the process could act on. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** SIGSTOP: the process stands still, and the kernel goes on answering for it. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start();
        if (!kill.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("broker " + id + " took no signal " + name);
        }
    }

    /** SIGTERM; returns the exit status. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("broker " + id + " does not stop, see " + log);
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
