package io.penstock.provisioner.terraform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.provisioner.pki.EnrolmentToken;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts the runner script in a session of its own and follows the file it writes to. The script's
 * standard input is the leash: when it closes, by our will or with this JVM's death, the script
 * interrupts Terraform, which then saves its state.
 */
final class TerraformRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TerraformRunner.class);
    private static final Duration GRACE = Duration.ofSeconds(90);
    private static final Duration KILLED_LIMIT = Duration.ofSeconds(10);

    /** Longer than an abandoned run can go on. */
    private static final Duration LOCK_LIMIT = GRACE.plusSeconds(60);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int BUSY = 75;
    private static final int SUPERSEDED = 76;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TerraformSettings settings;
    private final WorkspaceFolder folder;
    private final String schemaName;

    TerraformRunner(TerraformSettings settings, WorkspaceFolder folder, String schemaName) {
        this.settings = settings;
        this.folder = folder;
        this.schemaName = schemaName;
    }

    /**
     * Runs a command with the cluster's lock held, and hands over its output line by line.
     *
     * @param limit counts from the start of the runner, the wait for the lock included
     */
    RunResult run(
            List<String> command,
            long epoch,
            Map<String, EnrolmentToken> tokens,
            Duration limit,
            Consumer<String> lines)
            throws InterruptedException {
        Path output = folder.newOutput();
        try (FileTail tail = new FileTail(output)) {
            Process process = start(command, epoch, tokens, output);
            boolean timedOut = false;
            try {
                long deadline = System.nanoTime() + limit.toNanos();
                while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    tail.readTo(lines);
                    if (!timedOut && System.nanoTime() > deadline) {
                        timedOut = true;
                        process.getOutputStream().close();
                    }
                }
            } catch (InterruptedException e) {
                letGo(process);
                throw e;
            }
            tail.readTo(lines);
            tail.readRest(lines);
            return timedOut ? new RunResult.TimedOut(limit) : result(process.exitValue());
        } catch (IOException e) {
            throw new UncheckedIOException("the runner of " + folder.path() + " cannot be used", e);
        }
    }

    private Process start(
            List<String> command, long epoch, Map<String, EnrolmentToken> tokens, Path output)
            throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "bash",
                                folder.runner().toString(),
                                folder.path().toString(),
                                Long.toString(epoch),
                                output.getFileName().toString(),
                                Long.toString(LOCK_LIMIT.toSeconds()),
                                Long.toString(GRACE.toSeconds())));
        command.forEach(
                word ->
                        line.add(
                                word.equals(TerraformCommand.EXECUTABLE)
                                        ? settings.executable()
                                        : word));
        ProcessBuilder builder = new ProcessBuilder(line);
        File log = folder.path().resolve("runner.log").toFile();
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        Map<String, String> environment = builder.environment();
        Map<String, String> inherited = Map.copyOf(environment);
        environment.clear();
        for (String name : List.of("PATH", "HOME", "TMPDIR")) {
            if (inherited.containsKey(name)) {
                environment.put(name, inherited.get(name));
            }
        }
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("PENSTOCK_EPOCH", Long.toString(epoch));
        environment.put("PG_CONN_STR", settings.databaseUrl());
        environment.put("PG_SCHEMA_NAME", schemaName);
        environment.put("TF_CLI_CONFIG_FILE", folder.cliConfiguration().toString());
        environment.put("TF_IN_AUTOMATION", "1");
        environment.put("CHECKPOINT_DISABLE", "1");
        if (!tokens.isEmpty()) {
            environment.put("TF_VAR_" + RootModule.TOKENS, json(tokens));
        }
        LOG.debug("{}: {}", folder.path(), command);
        return builder.start();
    }

    /** Lets the run end in an orderly way, and not outlive this call if that can be helped. */
    private static void letGo(Process process) throws IOException {
        process.getOutputStream().close();
        boolean interrupted = false;
        long deadline = System.nanoTime() + GRACE.plus(KILLED_LIMIT).toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RunResult result(int exitStatus) {
        return switch (exitStatus) {
            case 0 -> new RunResult.Succeeded();
            case BUSY -> new RunResult.Busy();
            case SUPERSEDED -> new RunResult.Superseded();
            default -> new RunResult.Failed(exitStatus);
        };
    }

    private static String json(Map<String, EnrolmentToken> tokens) {
        Map<String, String> values = new TreeMap<>();
        tokens.forEach((node, token) -> values.put(node, token.value()));
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings can be written as JSON", e);
        }
    }
}
