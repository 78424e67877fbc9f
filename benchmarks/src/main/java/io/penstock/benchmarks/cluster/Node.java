package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Commands;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of a cluster while it may be running. */
public final class Node implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(10);

    private final NodePlan plan;
    private final String address;
    private final Path log;
    private Process process;

    Node(NodePlan plan, String address, Path folder) {
        this.plan = plan;
        this.address = address;
        this.log = folder.resolve(plan.name() + ".log");
    }

    public NodePlan plan() {
        return plan;
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Refuses to talk to a process of somebody else's that holds the port. */
    public void start() throws IOException {
        if (answers()) {
            throw new IOException(
                    "Something else listens on " + address + ":" + plan.port() + ": end it first");
        }
        ProcessBuilder builder =
                new ProcessBuilder(plan.command())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(plan.environment());
        process = builder.start();
    }

    void awaitPort(Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!answers()) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IOException(plan.name() + " did not open its port. " + endOfLog());
            }
            Thread.sleep(20);
        }
    }

    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    plan.name() + " ended with status " + process.exitValue() + ". " + endOfLog());
        }
    }

    String endOfLog() throws IOException {
        return "The end of " + log + ":\n" + Commands.tail(Files.readString(log));
    }

    /** As {@code kill -9}; returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As SIGTERM, without waiting. */
    public void requestStop() {
        process.destroy();
    }

    /** Waits for a controlled stop, and kills what does not end. */
    public void awaitStop() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Commands.run(List.of("kill", "-" + name, "" + pid()), Map.of(), SIGNAL_LIMIT);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, plan.port()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (isRunning()) {
            process.destroyForcibly();
        }
    }
}
