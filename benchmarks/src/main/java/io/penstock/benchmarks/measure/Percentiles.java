package io.penstock.benchmarks.measure;

import java.util.Arrays;

/** Percentiles of measured times, by the nearest rank. */
public final class Percentiles {

    private final long[] sortedNanos;

    public Percentiles(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("There are no percentiles of nothing");
        }
        sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    public double millis(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sortedNanos.length);
        return sortedNanos[Math.clamp(rank - 1, 0, sortedNanos.length - 1)] / 1e6;
    }

    public double highestMillis() {
        return sortedNanos[sortedNanos.length - 1] / 1e6;
    }
}
