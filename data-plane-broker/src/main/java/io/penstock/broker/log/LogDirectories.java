package io.penstock.broker.log;

import io.penstock.broker.protocol.record.Decompression;
import io.penstock.broker.time.Clock;

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
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/**
 * All logs of this broker. A folder leaves in one of two ways: {@link #delete} renames it to {@code
 * …-delete} and removes it in the background, {@link #setAside} renames it to {@code …-stray} and
 * keeps it for the operator.
 */
public final class LogDirectories implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogDirectories.class);
    private static final int LONGEST_FOLDER_NAME = 255;
    private static final int PROGRESS_EVERY = 500;

    private final LogDirectoriesOptions options;
    private final Clock clock;
    private final Decompression decompression;
    private final List<LogDirectory> directories = new ArrayList<>();
    private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> highWatermarks = new ConcurrentHashMap<>();
    private final LogMaintenance maintenance;
    private OptionalLong cleanShutdownEpoch = OptionalLong.empty();
    private boolean closed;

    private LogDirectories(
            LogDirectoriesOptions options, Clock clock, Decompression decompression) {
        this.options = options;
        this.clock = clock;
        this.decompression = decompression;
        this.maintenance = new LogMaintenance(this, options);
    }

    /**
     * Locks the directories and opens every log in them; several at a time, and recovering those
     * that were not closed cleanly.
     *
     * @throws LogDirectoryException with what the operator must do
     */
    public static LogDirectories open(
            LogDirectoriesOptions options, Clock clock, Decompression decompression) {
        LogDirectories opened = new LogDirectories(options, clock, decompression);
        try {
            for (Path path : options.directories()) {
                opened.directories.add(
                        LogDirectory.open(path, options.brokerId(), options.clusterId()));
            }
            opened.load();
            return opened;
        } catch (IOException failure) {
            opened.letGo();
            throw new LogDirectoryException("The logs cannot be opened: " + failure, failure);
        } catch (RuntimeException failure) {
            opened.letGo();
            throw failure;
        }
    }

    private void load() throws IOException {
        List<OptionalLong> markers = new ArrayList<>();
        int threads = options.recoveryThreads() * directories.size();
        ExecutorService recovery =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("log-recovery-", 0).daemon().factory());
        try {
            List<Future<?>> opening = new ArrayList<>();
            AtomicInteger done = new AtomicInteger();
            for (LogDirectory directory : directories) {
                OptionalLong marker = directory.takeCleanShutdownMarker();
                markers.add(marker);
                directory.deletedFolders().forEach(this::removeLater);
                highWatermarks.putAll(directory.highWatermarks().read());
                Map<TopicPartition, Long> recoveryPoints = directory.recoveryPoints().read();
                Map<TopicPartition, Long> starts = directory.logStartOffsets().read();
                for (Path folder : directory.partitionFolders()) {
                    opening.add(
                            recovery.submit(
                                    () -> {
                                        loadOne(folder, marker.isPresent(), recoveryPoints, starts);
                                        int count = done.incrementAndGet();
                                        if (count % PROGRESS_EVERY == 0) {
                                            LOG.info("{} logs are open", count);
                                        }
                                        return null;
                                    }));
                }
            }
            await(opening);
        } finally {
            recovery.shutdown();
        }
        boolean clean = markers.stream().allMatch(OptionalLong::isPresent);
        cleanShutdownEpoch = clean ? markers.getFirst() : OptionalLong.empty();
        LOG.info(
                "{} logs are open, after {} stop",
                logs.size(),
                clean ? "a clean" : "no clean (or the first)");
    }

    private static void await(List<Future<?>> opening) throws IOException {
        for (Future<?> one : opening) {
            try {
                one.get();
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof LogDirectoryException known) {
                    throw known;
                }
                throw new IOException(failure.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the logs were opened", interrupted);
            }
        }
    }

    private void loadOne(
            Path folder,
            boolean clean,
            Map<TopicPartition, Long> recoveryPoints,
            Map<TopicPartition, Long> starts)
            throws IOException {
        TopicPartition partition =
                LogDirectory.parse(folder.getFileName().toString()).orElseThrow();
        Optional<Uuid> topicId = PartitionMetadataFile.read(folder);
        if (topicId.isEmpty()) {
            // Made in the moment of a crash: it has the id before it has its first record.
            LOG.warn("{} has no topic id and is set aside", folder);
            Files.move(folder, strayName(folder), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        PartitionLog log =
                PartitionLog.open(
                        parameters(
                                folder,
                                partition,
                                topicId.get(),
                                LogSettings.DEFAULTS,
                                clean,
                                recoveryPoints.getOrDefault(partition, 0L),
                                starts.getOrDefault(partition, 0L)));
        PartitionLog other = logs.putIfAbsent(partition, log);
        if (other != null) {
            throw new LogDirectoryException(
                    "The partition %s is in two log directories: %s and %s. Move one of them away."
                            .formatted(partition, other.directory(), folder));
        }
    }

    /** Begins retention, flushing and checkpoints; each on its own thread. */
    public void startMaintenance(ToLongFunction<TopicPartition> highWatermark) {
        maintenance.start(highWatermark);
    }

    /**
     * Makes an empty log in the directory with the fewest, or answers the one that exists.
     *
     * @throws IllegalStateException if the partition's log has another topic id
     */
    public synchronized PartitionLog create(
            TopicPartition partition, Uuid topicId, LogSettings settings) throws IOException {
        PartitionLog existing = logs.get(partition);
        if (existing != null) {
            if (!existing.topicId().equals(topicId)) {
                throw new IllegalStateException(
                        "%s has topic id %s, not %s"
                                .formatted(partition, existing.topicId(), topicId));
            }
            existing.changeSettings(settings);
            return existing;
        }
        Path folder = leastUsed().path().resolve(partition.toString());
        Files.createDirectories(folder);
        PartitionMetadataFile.write(folder, topicId);
        PartitionLog log =
                PartitionLog.open(parameters(folder, partition, topicId, settings, true, 0, 0));
        logs.put(partition, log);
        return log;
    }

    /** Deletes the log; its space comes back in the background. */
    public synchronized void delete(TopicPartition partition) throws IOException {
        PartitionLog log = logs.remove(partition);
        if (log == null) {
            return;
        }
        highWatermarks.remove(partition);
        log.abandon();
        String tail =
                "." + UUID.randomUUID().toString().replace("-", "") + LogDirectory.DELETE_SUFFIX;
        Path doomed = log.directory().resolveSibling(shortened(partition.toString(), tail));
        Files.move(log.directory(), doomed, StandardCopyOption.ATOMIC_MOVE);
        maintenance.later(log.settings().fileDeleteDelayMillis(), () -> removeQuietly(doomed));
    }

    /** Closes the log and keeps its folder under another name. */
    public synchronized void setAside(TopicPartition partition) throws IOException {
        PartitionLog log = logs.remove(partition);
        if (log == null) {
            return;
        }
        highWatermarks.remove(partition);
        log.abandon();
        Path stray = strayName(log.directory());
        Files.move(log.directory(), stray, StandardCopyOption.ATOMIC_MOVE);
        LOG.warn("{} is no longer part of this broker; its files stay in {}", partition, stray);
    }

    public Optional<PartitionLog> find(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    public Collection<PartitionLog> all() {
        return Collections.unmodifiableCollection(logs.values());
    }

    /** The broker epoch at whose end all logs were closed; empty if they were not. */
    public OptionalLong cleanShutdownEpoch() {
        return cleanShutdownEpoch;
    }

    /** The high watermark that was last written down, or the log start. */
    public long checkpointedHighWatermark(TopicPartition partition) {
        return highWatermarks.getOrDefault(partition, 0L);
    }

    /** Writes recovery points, start offsets and high watermarks. */
    public void checkpoint(ToLongFunction<TopicPartition> highWatermark) throws IOException {
        for (LogDirectory directory : directories) {
            Map<TopicPartition, Long> recoveryPoints = new HashMap<>();
            Map<TopicPartition, Long> starts = new HashMap<>();
            Map<TopicPartition, Long> watermarks = new HashMap<>();
            for (PartitionLog log : logs.values()) {
                if (directory.path().equals(log.directory().getParent())) {
                    TopicPartition partition = log.topicPartition();
                    recoveryPoints.put(partition, log.recoveryPoint());
                    watermarks.put(partition, highWatermark.applyAsLong(partition));
                    if (log.logStartOffset() > 0) {
                        starts.put(partition, log.logStartOffset());
                    }
                }
            }
            directory.recoveryPoints().write(recoveryPoints);
            directory.logStartOffsets().write(starts);
            directory.highWatermarks().write(watermarks);
        }
    }

    /**
     * Closes every log and leaves the marker of a clean stop, if all of them could be closed.
     *
     * @param brokerEpoch epoch of the registration that ends, or -1
     */
    public synchronized void close(long brokerEpoch, ToLongFunction<TopicPartition> highWatermark)
            throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        maintenance.stop();
        IOException failure = null;
        for (PartitionLog log : logs.values()) {
            try {
                log.close();
            } catch (IOException | UncheckedIOException notClosed) {
                LOG.error("{} was not closed cleanly", log.topicPartition(), notClosed);
                failure = new IOException("a log was not closed cleanly", notClosed);
            }
        }
        try {
            checkpoint(highWatermark);
            if (failure == null) {
                for (LogDirectory directory : directories) {
                    directory.writeCleanShutdownMarker(brokerEpoch);
                }
            }
        } finally {
            letGo();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** As {@link #close(long, ToLongFunction)}, with each log's end as its high watermark. */
    @Override
    public void close() throws IOException {
        close(-1, partition -> logs.get(partition).end().offset());
    }

    private void letGo() {
        maintenance.stop();
        for (LogDirectory directory : directories) {
            try {
                directory.unlock();
            } catch (IOException failure) {
                LOG.warn("the lock of {} was not released", directory.path(), failure);
            }
        }
    }

    private LogParameters parameters(
            Path folder,
            TopicPartition partition,
            Uuid topicId,
            LogSettings settings,
            boolean clean,
            long recoveryPoint,
            long logStartOffset) {
        return new LogParameters(
                folder,
                partition,
                topicId,
                settings,
                clean,
                recoveryPoint,
                logStartOffset,
                options.producerExpirationMillis(),
                clock,
                maintenance,
                decompression);
    }

    private LogDirectory leastUsed() {
        if (directories.size() == 1) {
            return directories.getFirst();
        }
        Map<Path, Integer> used = new HashMap<>();
        logs.values().forEach(log -> used.merge(log.directory().getParent(), 1, Integer::sum));
        return Collections.min(
                directories, Comparator.comparingInt(d -> used.getOrDefault(d.path(), 0)));
    }

    private static Path strayName(Path folder) {
        String tail =
                "." + UUID.randomUUID().toString().replace("-", "") + LogDirectory.STRAY_SUFFIX;
        return folder.resolveSibling(shortened(folder.getFileName().toString(), tail));
    }

    private static String shortened(String name, String tail) {
        int room = LONGEST_FOLDER_NAME - tail.length();
        return (name.length() > room ? name.substring(0, room) : name) + tail;
    }

    private void removeLater(Path folder) {
        maintenance.later(0, () -> removeQuietly(folder));
    }

    private static void removeQuietly(Path folder) {
        try {
            LogFiles.deleteRecursively(folder);
        } catch (IOException failure) {
            LOG.warn("{} was not removed; the next start tries again", folder, failure);
        }
    }
}
