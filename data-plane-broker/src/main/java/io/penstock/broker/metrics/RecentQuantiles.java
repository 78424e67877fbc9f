package io.penstock.broker.metrics;

/**
 * Quantiles of what a histogram counted lately: what is older weighs half as much with each minute.
 * Looked at when somebody asks, so that counting costs nothing more, and by the clock, so that
 * several may ask.
 */
final class RecentQuantiles {

    private static final double HALF_LIFE_NANOS = 60e9;

    /** Less than this is as good as nothing. */
    private static final double LEAST_WEIGHT = 0.5;

    private final LatencyHistogram histogram;
    private long[] counted = new long[LatencyHistogram.BUCKETS];
    private double[] weights = new double[LatencyHistogram.BUCKETS];
    private long lookedNanos;

    RecentQuantiles(LatencyHistogram histogram) {
        this.histogram = histogram;
    }

    /**
     * For each quantile, from 0 to 1, the duration in nanoseconds that as large a part did not
     * exceed; 0 where nothing was counted lately. Within a bucket durations are taken to be spread
     * evenly.
     */
    synchronized double[] at(long nowNanos, double... quantiles) {
        long[] present = histogram.counts();
        double fade = Math.min(1, Math.pow(0.5, (nowNanos - lookedNanos) / HALF_LIFE_NANOS));
        double total = 0;
        double[] next = new double[present.length];
        for (int i = 0; i < present.length; i++) {
            next[i] = weights[i] * fade + present[i] - counted[i];
            total += next[i];
        }
        weights = next;
        counted = present;
        lookedNanos = nowNanos;
        double[] found = new double[quantiles.length];
        for (int i = 0; i < quantiles.length; i++) {
            found[i] = total < LEAST_WEIGHT ? 0 : durationOf(quantiles[i] * total);
        }
        return found;
    }

    private double durationOf(double rank) {
        double below = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0 && below + weights[i] >= rank) {
                double lower = i == 0 ? 0 : LatencyHistogram.boundNanos(i - 1);
                // What exceeds every bound is told as the largest one.
                double upper = i == weights.length - 1 ? lower : LatencyHistogram.boundNanos(i);
                return lower + (upper - lower) * (rank - below) / weights[i];
            }
            below += weights[i];
        }
        return LatencyHistogram.boundNanos(weights.length - 2);
    }
}
