package io.penstock.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Commands {
    private Commands() {}

    /** What a program printed, and its exit status. */
    public record Output(int status, String standard, String error) {
        public Output orFail() {
            if (status != 0) {
                throw new AssertionError("Exit status " + status + "\n" + standard + "\n" + error);
            }
            return this;
        }
    }

    public static Output run(
            Duration limit,
            Path folder,
            Map<String, String> environment,
            String input,
            List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        var standard = read(process.getInputStream());
        var error = read(process.getErrorStream());
        try (var standardInput = process.getOutputStream()) {
            standardInput.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that fails at once reads nothing; its exit status tells.
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command.getFirst() + " took longer than " + limit);
        }
        // What the program left in the background may keep the streams open.
        return new Output(
                process.exitValue(),
                standard.completeOnTimeout("", 10, TimeUnit.SECONDS).join(),
                error.completeOnTimeout("", 10, TimeUnit.SECONDS).join());
    }

    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        return "";
                    }
                },
                runnable -> Thread.ofVirtual().start(runnable));
    }
}
