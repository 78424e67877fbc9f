package io.penstock.broker.log;

import java.nio.file.Path;
import java.util.List;

/**
 * @param directories {@code log.dirs}
 * @param recoveryThreads {@code num.recovery.threads.per.data.dir}
 * @param retentionCheckMillis {@code log.retention.check.interval.ms}
 * @param flushCheckMillis {@code log.flush.scheduler.interval.ms}, at most a second here
 * @param checkpointMillis {@code log.flush.offset.checkpoint.interval.ms}
 * @param cleaner how logs are compacted
 * @param producerExpirationMillis {@code producer.id.expiration.ms}
 */
public record LogDirectoriesOptions(
        List<Path> directories,
        int brokerId,
        String clusterId,
        int recoveryThreads,
        long retentionCheckMillis,
        long flushCheckMillis,
        long checkpointMillis,
        CleanerOptions cleaner,
        long producerExpirationMillis) {

    private static final long ONE_DAY_MILLIS = 86_400_000L;

    /** Kafka's defaults. */
    public static LogDirectoriesOptions defaults(
            List<Path> directories, int brokerId, String clusterId) {
        return new LogDirectoriesOptions(
                directories,
                brokerId,
                clusterId,
                2,
                300_000,
                1_000,
                60_000,
                CleanerOptions.DEFAULTS,
                ONE_DAY_MILLIS);
    }
}
