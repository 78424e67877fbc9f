package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens every log of one directory, several at a time, and recovers those that were not closed
 * cleanly. A failure of the disk is the caller's to judge; a folder without a topic id is set
 * aside.
 */
final class LogOpening {

    private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);
    private static final long REPORT_SECONDS = 5;

    /** Opens one log, and takes it over. */
    interface Opener {
        void open(
                Path folder,
                TopicPartition partition,
                Uuid topicId,
                boolean clean,
                Checkpoints checkpoints)
                throws IOException;
    }

    /** What the directory's checkpoint files say. */
    record Checkpoints(
            Map<TopicPartition, Long> recoveryPoints,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> cleaned) {

        static Checkpoints read(LogDirectory directory) throws IOException {
            return new Checkpoints(
                    directory.recoveryPoints().read(),
                    directory.logStartOffsets().read(),
                    directory.cleanedOffsets().read());
        }
    }

    private final LogDirectory directory;
    private final int threads;
    private final RecoveryProgress progress;
    private final Opener opener;

    LogOpening(LogDirectory directory, int threads, RecoveryProgress progress, Opener opener) {
        this.directory = directory;
        this.threads = threads;
        this.progress = progress;
        this.opener = opener;
    }

    /** The broker epoch at whose end the logs were closed; empty if they were not. */
    OptionalLong run() throws IOException {
        OptionalLong marker = directory.takeCleanShutdownMarker();
        Checkpoints checkpoints = Checkpoints.read(directory);
        List<Path> folders = directory.partitionFolders();
        progress.plannedLogs(folders.size());
        ExecutorService recovery =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("log-recovery-", 0).daemon().factory());
        try {
            List<Future<?>> opening = new ArrayList<>();
            for (Path folder : folders) {
                opening.add(
                        recovery.submit(
                                () -> {
                                    openOne(folder, marker.isPresent(), checkpoints);
                                    progress.logDone();
                                    return null;
                                }));
            }
            for (Future<?> one : opening) {
                await(one);
            }
        } finally {
            recovery.shutdownNow();
        }
        return marker;
    }

    private void await(Future<?> one) throws IOException {
        try {
            while (true) {
                try {
                    one.get(REPORT_SECONDS, TimeUnit.SECONDS);
                    return;
                } catch (TimeoutException stillRunning) {
                    LOG.info(
                            "{}: {} logs are not open yet; {} segments of those being opened are to be verified",
                            directory.path(),
                            progress.logsLeft(),
                            progress.segmentsLeft());
                }
            }
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case LogDirectoryException known -> throw known;
                case IOException disk -> throw disk;
                case UncheckedIOException disk -> throw disk.getCause();
                default -> throw new IOException(failure.getCause());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the logs were opened", interrupted);
        }
    }

    private void openOne(Path folder, boolean clean, Checkpoints checkpoints) throws IOException {
        TopicPartition partition =
                LogDirectory.parse(folder.getFileName().toString()).orElseThrow();
        Optional<Uuid> topicId = PartitionMetadataFile.read(folder);
        if (topicId.isEmpty()) {
            // Made in the moment of a crash, it has the id before its first record; and no other
            // partition is to suffer from a file that somebody spoilt.
            LOG.warn("{} tells no topic id and is set aside", folder);
            Files.move(folder, LogDirectory.strayName(folder), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        opener.open(folder, partition, topicId.get(), clean, checkpoints);
    }
}
