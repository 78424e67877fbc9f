package io.penstock.broker.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations in buckets whose bounds double, from 62.5 µs to 32 s. For many threads. */
final class LatencyHistogram {

    private static final long SMALLEST_BOUND_NANOS = 62_500;
    private static final int BOUNDS = 20;

    /** The last one is for what exceeds every bound. */
    static final int BUCKETS = BOUNDS + 1;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    private final LongAdder sumNanos = new LongAdder();

    void record(long nanos) {
        long duration = Math.max(0, nanos);
        buckets.incrementAndGet(bucketOf(duration));
        sumNanos.add(duration);
    }

    static int bucketOf(long nanos) {
        long multiples = (nanos + SMALLEST_BOUND_NANOS - 1) / SMALLEST_BOUND_NANOS;
        return multiples <= 1 ? 0 : Math.min(BOUNDS, 64 - Long.numberOfLeadingZeros(multiples - 1));
    }

    /** How many durations each bucket holds. */
    long[] counts() {
        long[] counts = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = buckets.get(i);
        }
        return counts;
    }

    /** Largest duration of a bucket that has a bound. */
    static long boundNanos(int bucket) {
        return SMALLEST_BOUND_NANOS << bucket;
    }

    /**
     * @param labels names and values in turn
     */
    void writeTo(OpenMetrics target, String name, String help, String... labels) {
        long cumulative = 0;
        for (int i = 0; i <= BOUNDS; i++) {
            cumulative += buckets.get(i);
            target.histogram(name, help, "_bucket", cumulative, with(labels, "le", bound(i)));
        }
        target.histogram(name, help, "_count", cumulative, labels);
        target.histogram(
                name, help, "_sum", (double) sumNanos.sum() / TimeUnit.SECONDS.toNanos(1), labels);
    }

    private static String bound(int bucket) {
        return bucket == BOUNDS
                ? "+Inf"
                : Double.toString(
                        (double) (SMALLEST_BOUND_NANOS << bucket) / TimeUnit.SECONDS.toNanos(1));
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] all = Arrays.copyOf(labels, labels.length + 2);
        all[labels.length] = name;
        all[labels.length + 1] = value;
        return all;
    }
}
