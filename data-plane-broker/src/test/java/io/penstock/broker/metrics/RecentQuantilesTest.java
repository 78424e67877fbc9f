package io.penstock.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class RecentQuantilesTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LatencyHistogram histogram = new LatencyHistogram();
    private final RecentQuantiles quantiles = new RecentQuantiles(histogram);

    @Test
    void withoutADurationTheyAreZero() {
        assertThat(quantiles.at(5, 0.5, 0.999)).containsExactly(0, 0);
    }

    @Test
    void aQuantileLiesInTheBucketOfItsDurations() {
        record(99, 3 * MILLISECOND);
        record(1, 700 * MILLISECOND);

        double[] found = quantiles.at(1, 0.5, 0.99, 0.999);

        // Buckets double from 62.5 µs on.
        assertThat(found[0]).isBetween(2.0 * MILLISECOND, 4.0 * MILLISECOND);
        assertThat(found[1]).isBetween(2.0 * MILLISECOND, 4.0 * MILLISECOND);
        assertThat(found[2]).isBetween(512.0 * MILLISECOND, 1024.0 * MILLISECOND);
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        record(1_000, 700 * MILLISECOND);
        double before = quantiles.at(1, 0.5)[0];
        record(100, 3 * MILLISECOND);

        double soon = quantiles.at(2, 0.5)[0];
        double later = quantiles.at(10 * MINUTE, 0.5)[0];

        assertThat(soon).isGreaterThan(500.0 * MILLISECOND).isLessThanOrEqualTo(before);
        assertThat(later).isLessThanOrEqualTo(before);
        record(100, 3 * MILLISECOND);
        assertThat(quantiles.at(10 * MINUTE, 0.5)[0]).isLessThan(4.0 * MILLISECOND);
        assertThat(quantiles.at(60 * MINUTE, 0.5)[0]).isZero();
    }

    @Test
    void whatExceedsEveryBoundIsToldAsTheLargest() {
        record(10, TimeUnit.HOURS.toNanos(1));

        assertThat(quantiles.at(1, 0.5)[0]).isEqualTo(LatencyHistogram.boundNanos(19));
    }

    private void record(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            histogram.record(nanos);
        }
    }
}
