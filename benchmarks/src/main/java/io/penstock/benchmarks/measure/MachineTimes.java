package io.penstock.benchmarks.measure;

import java.util.Arrays;

/**
 * Time of all processors since boot, in ticks, from the first line of {@code /proc/stat}.
 *
 * @param idle without work, waiting for a disk included
 * @param stolen taken by the hypervisor
 * @param total everything
 */
public record MachineTimes(long idle, long stolen, long total) {

    static MachineTimes parse(String firstLine) {
        long[] ticks =
                Arrays.stream(firstLine.trim().split("\\s+"))
                        .skip(1)
                        .limit(8)
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new MachineTimes(ticks[3] + ticks[4], ticks[7], Arrays.stream(ticks).sum());
    }

    MachineTimes since(MachineTimes earlier) {
        return new MachineTimes(
                idle - earlier.idle, stolen - earlier.stolen, total - earlier.total);
    }
}
