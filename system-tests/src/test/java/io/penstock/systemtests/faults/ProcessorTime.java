package io.penstock.systemtests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the kernel has counted of all processors' time since it started, in its own unit.
 *
 * @param idle of it, also what was spent on a wait for disks
 */
record ProcessorTime(long all, long idle) {
    private static final Path COUNTS = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int WAITING = 4;

    /** Guests' time, which follows, is counted among the user's. */
    private static final int COLUMNS = 8;

    static ProcessorTime now() throws IOException {
        try (var lines = Files.lines(COUNTS)) {
            return of(lines.findFirst().orElseThrow());
        }
    }

    /**
     * @param line the kernel's first, of all processors together
     */
    static ProcessorTime of(String line) {
        var counts =
                Arrays.stream(line.split("\\s+"))
                        .skip(1)
                        .limit(COLUMNS)
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new ProcessorTime(Arrays.stream(counts).sum(), counts[IDLE] + counts[WAITING]);
    }

    /** The share that was used since, from 0 to 1. */
    double busySince(ProcessorTime before) {
        var passed = all - before.all;
        return passed <= 0 ? 0 : 1 - (double) (idle - before.idle) / passed;
    }
}
