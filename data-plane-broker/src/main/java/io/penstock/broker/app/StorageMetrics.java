package io.penstock.broker.app;

import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoryDescription;
import io.penstock.broker.log.PartitionLog;
import io.penstock.broker.log.RecoveryProgress;
import io.penstock.broker.metrics.OpenMetrics;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What there is to say of the log directories, and of the opening of their logs at a start. */
final class StorageMetrics {

    private StorageMetrics() {}

    static void recovery(OpenMetrics target, Map<Path, RecoveryProgress> progress) {
        new TreeMap<>(progress)
                .forEach(
                        (directory, left) -> {
                            target.gauge(
                                    "penstock_recovery_logs_left",
                                    "Logs that are not open yet.",
                                    left.logsLeft(),
                                    "directory",
                                    directory.toString());
                            target.gauge(
                                    "penstock_recovery_segments_left",
                                    "Segments that are still to be verified, of logs being"
                                            + " opened.",
                                    left.segmentsLeft(),
                                    "directory",
                                    directory.toString());
                        });
    }

    static void write(OpenMetrics target, LogDirectories directories) {
        recovery(target, directories.recovery());
        for (LogDirectoryDescription directory : directories.describe()) {
            String[] label = {"directory", directory.path().toString()};
            target.gauge(
                    "penstock_log_directory_offline",
                    "Whether the directory cannot be used.",
                    directory.online() ? 0 : 1,
                    label);
            if (directory.usableBytes() >= 0) {
                target.gauge(
                        "penstock_log_directory_usable_bytes",
                        "Free part of the directory's volume.",
                        directory.usableBytes(),
                        label);
            }
        }
        target.gauge(
                "penstock_offline_replicas",
                "Replicas here whose log directory is offline.",
                directories.all().stream().filter(PartitionLog::isOffline).count());
        target.gauge(
                "penstock_log_cleaner_largest_dirty_ratio",
                "Largest share of bytes not yet compacted of a compacted log.",
                directories.largestDirtyRatio());
        target.gauge(
                "penstock_log_cleaner_uncleanable_logs",
                "Compacted logs that the cleaner leaves alone until the next start.",
                directories.uncleanableLogs());
    }
}
