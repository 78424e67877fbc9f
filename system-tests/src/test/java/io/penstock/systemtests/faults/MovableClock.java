package io.penstock.systemtests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A process's wall clock that can be moved while it runs, by libfaketime. Its monotonic clock stays
 * the machine's, as it does when somebody sets a machine's time.
 *
 * @param file says how far the clock is off; read once a second
 */
record MovableClock(Path file) {

    /** Where the library is, if it is installed. */
    static Optional<Path> library() throws IOException {
        try (var paths =
                Files.find(
                        Path.of("/usr/lib"),
                        3,
                        (path, attributes) ->
                                path.endsWith(Path.of("faketime", "libfaketime.so.1")))) {
            return paths.findFirst();
        }
    }

    /** What the process has to be started with. */
    Map<String, String> environment() throws IOException {
        return Map.of(
                "LD_PRELOAD", library().orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Else waits on the monotonic clock end at once.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** Sets how far the clock is before (or, negative, behind) the machine's. */
    void move(Duration ahead) throws IOException {
        var next = Path.of(file + ".next");
        Files.writeString(next, "%+d%n".formatted(ahead.toSeconds()));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
