package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * What is done for logs in the background. Its threads are never interrupted: an interrupt closes
 * the file that a thread works on.
 */
final class LogMaintenance implements BackgroundWork {

    private static final Logger LOG = LoggerFactory.getLogger(LogMaintenance.class);
    private static final long STOP_SECONDS = 30;

    /** Forces that run side by side end together: the file system writes one journal for them. */
    private static final int FORCE_THREADS = 4;

    private static final long INITIAL_RETENTION_MILLIS = 30_000;

    private final LogDirectories directories;
    private final LogDirectoriesOptions options;
    private final ScheduledThreadPoolExecutor deletion = executor("log-deletion", 1);
    private final ScheduledThreadPoolExecutor retention = executor("log-retention", 1);
    private final ScheduledThreadPoolExecutor flush = executor("log-flush", 1);
    private final ScheduledThreadPoolExecutor force = executor("log-force", FORCE_THREADS);
    private final ScheduledThreadPoolExecutor cleaning;
    private final LongAdder forces = new LongAdder();
    private volatile LogCleaner cleaner;

    LogMaintenance(LogDirectories directories, LogDirectoriesOptions options) {
        this.directories = directories;
        this.options = options;
        this.cleaning = executor("log-cleaner", Math.max(1, options.cleaner().threads()));
    }

    void start(ToLongFunction<TopicPartition> highWatermark, Clock clock) {
        startCleaner(highWatermark, clock);
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

    private void startCleaner(ToLongFunction<TopicPartition> highWatermark, Clock clock) {
        CleanerOptions wanted = options.cleaner();
        if (!wanted.enabled()) {
            return;
        }
        cleaner = new LogCleaner(directories::all, highWatermark, wanted, clock);
        for (int i = 0; i < wanted.threads(); i++) {
            cleaning.scheduleWithFixedDelay(
                    () -> guarded("compaction", cleaner::cleanAllDue),
                    wanted.backoffMillis(),
                    Math.max(1, wanted.backoffMillis()),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** The cleaner, once there is one. */
    Optional<LogCleaner> cleaner() {
        return Optional.ofNullable(cleaner);
    }

    @Override
    public void force(Runnable task) {
        try {
            force.execute(task);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("nothing is forced any more but by the closing of the logs");
        }
    }

    @Override
    public void forced() {
        forces.increment();
    }

    /** How often records were forced to disk before they counted, ever. */
    long forces() {
        return forces.sum();
    }

    @Override
    public void later(long delayMillis, Runnable task) {
        if (!deletion.isShutdown()) {
            deletion.schedule(
                    () -> guarded("deletion", task::run), delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void deleteOldSegments(ToLongFunction<TopicPartition> highWatermark) {
        for (PartitionLog log : directories.all()) {
            long watermark = highWatermark.applyAsLong(log.topicPartition());
            guarded("retention", () -> deleteOldSegments(log, watermark));
        }
    }

    private static void deleteOldSegments(PartitionLog log, long watermark) throws IOException {
        int deleted = log.deleteOldSegments(watermark);
        if (deleted > 0) {
            LOG.info(
                    "{}: {} segments were deleted, the log begins at {}",
                    log.topicPartition(),
                    deleted,
                    log.logStartOffset());
        }
    }

    private void flushDue() {
        for (PartitionLog log : directories.all()) {
            guarded("flushing", log::flushIfDue);
        }
    }

    /**
     * Lets running tasks end; those still waiting are dropped, and made up for at the next start.
     */
    void stop() {
        cleaner().ifPresent(LogCleaner::stop);
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
        return new ScheduledThreadPoolExecutor[] {deletion, retention, flush, force, cleaning};
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

    private static ScheduledThreadPoolExecutor executor(String name, int threads) {
        var builder = Thread.ofPlatform().daemon();
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        threads,
                        (threads == 1 ? builder.name(name) : builder.name(name + "-", 0))
                                .factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
