package io.penstock.broker.log;

/**
 * How this broker compacts.
 *
 * @param enabled {@code log.cleaner.enable}
 * @param threads {@code log.cleaner.threads}
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}: most memory for the offsets of
 *     keys, of all threads together; only as much is taken as a log's dirty part needs
 * @param loadFactor {@code log.cleaner.io.buffer.load.factor}: how full that memory may get
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}, of all threads together
 * @param bytesPerSecond {@code log.cleaner.io.max.bytes.per.second}, read and written
 * @param backoffMillis {@code log.cleaner.backoff.ms}: pause when no log is dirty enough
 */
public record CleanerOptions(
        boolean enabled,
        int threads,
        long dedupeBufferBytes,
        double loadFactor,
        int ioBufferBytes,
        double bytesPerSecond,
        long backoffMillis) {

    /** Kafka's defaults. */
    public static final CleanerOptions DEFAULTS =
            new CleanerOptions(true, 1, 128L << 20, 0.9, 512 << 10, Double.MAX_VALUE, 15_000);
}
