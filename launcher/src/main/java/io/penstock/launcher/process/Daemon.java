package io.penstock.launcher.process;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.PrivateFiles;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A background process of the installation, in a session of its own so that it outlives the
 * terminal.
 *
 * @param name for messages
 * @param folder holds {@code pid}, {@code log/<name>.log} and {@code started}, the digest of what
 *     was started
 * @param mark a path of this installation that stands on the process' command line
 */
public record Daemon(String name, Path folder, String mark) {
    private static final long LOG_LIMIT = 10L << 20;

    public Path log() {
        return folder.resolve("log").resolve(name + ".log");
    }

    public Optional<Long> pid() {
        return ProcessTable.fromFile(folder.resolve("pid"), mark);
    }

    /**
     * Starts the command, which must replace itself rather than fork, so that its pid is the
     * process itself.
     */
    public long start(List<String> command, Map<String, String> environment) {
        try {
            PrivateFiles.folder(folder);
            PrivateFiles.folder(log().getParent());
            rotateLog();
            var detached = new ArrayList<String>();
            detached.add("setsid");
            detached.addAll(command);
            var builder =
                    new ProcessBuilder(detached)
                            .directory(folder.toFile())
                            .redirectInput(new File("/dev/null"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment);
            var process = builder.start();
            PrivateFiles.write(folder.resolve("pid"), process.pid() + "\n");
            PrivateFiles.write(folder.resolve("started"), digest(command, environment) + "\n");
            return process.pid();
        } catch (IOException e) {
            throw new LaunchFailure(
                    "%s could not be started: %s".formatted(name, e.getMessage()),
                    "Check that `setsid` of util-linux is installed.",
                    e);
        }
    }

    /** Whether the running process was started by this very command and environment. */
    public boolean startedBy(List<String> command, Map<String, String> environment) {
        try {
            return Files.readString(folder.resolve("started"))
                    .strip()
                    .equals(digest(command, environment));
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends the signal, waits, and kills what did not obey. Does nothing when nothing runs. */
    public void stop(String signal, Duration patience) throws InterruptedException {
        var running = pid();
        if (running.isPresent()) {
            Signals.send(running.get(), signal);
            if (!Waiting.until(patience, () -> pid().isEmpty())) {
                Signals.send(running.get(), "KILL");
                Waiting.until(Duration.ofSeconds(10), () -> pid().isEmpty());
            }
        }
        try {
            Files.deleteIfExists(folder.resolve("pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rotateLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT) {
            Files.move(
                    log(),
                    log().resolveSibling(name + ".log.1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String digest(List<String> command, Map<String, String> environment) {
        try {
            var text = command + "\n" + new TreeMap<>(environment);
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
