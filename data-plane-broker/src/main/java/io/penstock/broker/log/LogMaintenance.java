package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What is done for logs in the background. Its threads are never interrupted: an interrupt closes
 * the file that a thread works on.
 */
final class LogMaintenance implements BackgroundWork {

    private static final Logger LOG = LoggerFactory.getLogger(LogMaintenance.class);
    private static final long STOP_SECONDS = 30;
    private static final long INITIAL_RETENTION_MILLIS = 30_000;

    private final LogDirectories directories;
    private final LogDirectoriesOptions options;
    private final ScheduledThreadPoolExecutor deletion = executor("log-deletion");
    private final ScheduledThreadPoolExecutor retention = executor("log-retention");
    private final ScheduledThreadPoolExecutor flush = executor("log-flush");

    LogMaintenance(LogDirectories directories, LogDirectoriesOptions options) {
        this.directories = directories;
        this.options = options;
    }

    void start(ToLongFunction<TopicPartition> highWatermark) {
        long retentionPeriod = options.retentionCheckMillis();
        retention.scheduleWithFixedDelay(
                () -> guarded("retention", () -> deleteOldSegments(highWatermark)),
                Math.min(INITIAL_RETENTION_MILLIS, retentionPeriod),
                retentionPeriod,
                TimeUnit.MILLISECONDS);
        flush.scheduleWithFixedDelay(
                () -> guarded("flushing", this::flushDue),
                options.flushCheckMillis(),
                options.flushCheckMillis(),
                TimeUnit.MILLISECONDS);
        flush.scheduleWithFixedDelay(
                () -> guarded("checkpoint", () -> directories.checkpoint(highWatermark)),
                options.checkpointMillis(),
                options.checkpointMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void later(long delayMillis, Runnable task) {
        if (!deletion.isShutdown()) {
            deletion.schedule(
                    () -> guarded("deletion", task::run), delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void deleteOldSegments(ToLongFunction<TopicPartition> highWatermark)
            throws IOException {
        for (PartitionLog log : directories.all()) {
            long watermark = highWatermark.applyAsLong(log.topicPartition());
            int deleted = log.deleteOldSegments(watermark);
            if (deleted > 0) {
                LOG.info(
                        "{}: {} segments were deleted, the log begins at {}",
                        log.topicPartition(),
                        deleted,
                        log.logStartOffset());
            }
        }
    }

    private void flushDue() throws IOException {
        for (PartitionLog log : directories.all()) {
            log.flushIfDue();
        }
    }

    /**
     * Lets running tasks end; those still waiting are dropped, and made up for at the next start.
     */
    void stop() {
        for (ScheduledThreadPoolExecutor executor : executors()) {
            executor.shutdown();
        }
        for (ScheduledThreadPoolExecutor executor : executors()) {
            try {
                if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("background work on logs did not end in {} s", STOP_SECONDS);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private ScheduledThreadPoolExecutor[] executors() {
        return new ScheduledThreadPoolExecutor[] {deletion, retention, flush};
    }

    private interface Work {
        void run() throws IOException;
    }

    /** A failure must not end the schedule. */
    private static void guarded(String what, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException failure) {
            LOG.error("{} of logs failed; it is tried again", what, failure);
        }
    }

    private static ScheduledThreadPoolExecutor executor(String name) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name(name).daemon().factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
