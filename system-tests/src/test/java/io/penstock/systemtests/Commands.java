package io.penstock.systemtests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Commands {
    private static final Duration STREAM_LIMIT = Duration.ofSeconds(10);

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
        var standard = Reading.of(process.getInputStream());
        var error = Reading.of(process.getErrorStream());
        try (var standardInput = process.getOutputStream()) {
            standardInput.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that fails at once reads nothing; its exit status tells.
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "%s took longer than %s%n%s%n%s"
                            .formatted(command, limit, standard.text(), error.text()));
        }
        return new Output(process.exitValue(), standard.atEnd(), error.atEnd());
    }

    /** What a stream has brought so far; its reader ends with the stream. */
    private record Reading(ByteArrayOutputStream bytes, Thread reader) {

        static Reading of(InputStream stream) {
            var bytes = new ByteArrayOutputStream();
            return new Reading(
                    bytes,
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            stream.transferTo(bytes);
                                        } catch (IOException closed) {
                                            // What has come until then counts.
                                        }
                                    }));
        }

        /** What the program left in the background may keep the stream open. */
        String atEnd() throws InterruptedException {
            reader.join(STREAM_LIMIT);
            return text();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
