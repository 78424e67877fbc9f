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
import java.nio.file.NoSuchFileException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * All logs of this broker. A folder leaves in one of two ways: {@link #delete} renames it to {@code
 * …-delete} and removes it in the background, {@link #setAside} renames it to {@code …-stray} and
 * keeps it for the operator.
 */
public final class LogDirectories implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogDirectories.class);

    /** Whoever waits for a new topic comes first: who writes to it makes its files at once. */
    private static final long FILES_OF_NEW_LOGS_MILLIS = 1_000;

    private final LogDirectoriesOptions options;
    private final Clock clock;
    private final Decompression decompression;
    private final List<LogDirectory> directories = new ArrayList<>();
    private final Map<Path, RecoveryProgress> recovery;
    private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> highWatermarks = new ConcurrentHashMap<>();
    private final Map<Path, Integer> logsIn = new ConcurrentHashMap<>();
    private final LogMaintenance maintenance;
    private final OfflineDirectories offline;
    private OptionalLong cleanShutdownEpoch = OptionalLong.empty();
    private boolean closed;

    private LogDirectories(
            LogDirectoriesOptions options,
            Clock clock,
            Decompression decompression,
            Map<Path, RecoveryProgress> recovery) {
        this.recovery = recovery;
        this.options = options;
        this.clock = clock;
        this.decompression = decompression;
        this.maintenance = new LogMaintenance(this, options);
        this.offline = new OfflineDirectories(directories, logs, maintenance);
    }

    /**
     * Locks the directories and opens every log in them; several at a time, and recovering those
     * that were not closed cleanly. A directory whose disk fails is left offline, as long as
     * another one works.
     *
     * @throws LogDirectoryException with what the operator must do
     */
    public static LogDirectories open(
            LogDirectoriesOptions options, Clock clock, Decompression decompression) {
        return open(options, clock, decompression, new ConcurrentHashMap<>());
    }

    /**
     * As the other one.
     *
     * @param recovery where others may see meanwhile how far it is, by directory
     */
    public static LogDirectories open(
            LogDirectoriesOptions options,
            Clock clock,
            Decompression decompression,
            Map<Path, RecoveryProgress> recovery) {
        LogDirectories opened = new LogDirectories(options, clock, decompression, recovery);
        try {
            for (Path path : options.directories()) {
                opened.recovery.put(path, new RecoveryProgress());
                opened.directories.add(
                        LogDirectory.open(path, options.brokerId(), options.clusterId()));
            }
            opened.load();
            return opened;
        } catch (RuntimeException failure) {
            opened.letGo();
            throw failure;
        }
    }

    private void load() {
        List<OptionalLong> markers = new ArrayList<>();
        IOException last = null;
        for (LogDirectory directory : directories) {
            try {
                if (!directory.isOffline()) {
                    markers.add(load(directory));
                }
            } catch (IOException failure) {
                last = failure;
                offline.onFailure(directory, failure);
            }
        }
        if (offline.count() == directories.size()) {
            throw new LogDirectoryException(
                    "None of the log directories %s can be used%s. Mend one of them or set log.dirs to others."
                            .formatted(options.directories(), last == null ? "" : ": " + last),
                    last);
        }
        boolean clean =
                markers.size() == directories.size()
                        && markers.stream().allMatch(OptionalLong::isPresent);
        cleanShutdownEpoch = clean ? markers.getFirst() : OptionalLong.empty();
        LOG.info(
                "{} logs are open, after {} stop",
                logs.size(),
                clean ? "a clean" : "no clean (or the first)");
    }

    private OptionalLong load(LogDirectory directory) throws IOException {
        directory.deletedFolders().forEach(this::removeLater);
        highWatermarks.putAll(directory.highWatermarks().read());
        return new LogOpening(
                        directory,
                        options.recoveryThreads(),
                        recovery.get(directory.path()),
                        this::openOne)
                .run();
    }

    private void openOne(
            Path folder,
            TopicPartition partition,
            Uuid topicId,
            boolean clean,
            LogOpening.Checkpoints checkpoints)
            throws IOException {
        PartitionLog log =
                PartitionLog.open(
                        parameters(
                                folder,
                                partition,
                                topicId,
                                LogSettings.DEFAULTS,
                                clean,
                                checkpoints.recoveryPoints().getOrDefault(partition, 0L),
                                checkpoints.starts().getOrDefault(partition, 0L),
                                checkpoints.cleaned().getOrDefault(partition, -1L)));
        PartitionLog other = logs.putIfAbsent(partition, log);
        if (other != null) {
            throw new LogDirectoryException(
                    "The partition %s is in two log directories: %s and %s. Move one of them away."
                            .formatted(partition, other.directory(), folder));
        }
        count(log, 1);
    }

    private void count(PartitionLog log, int change) {
        logsIn.merge(log.directory().getParent(), change, Integer::sum);
    }

    /** Begins retention, flushing and checkpoints; each on its own thread. */
    public void startMaintenance(ToLongFunction<TopicPartition> highWatermark) {
        maintenance.start(highWatermark, clock);
    }

    /**
     * Makes an empty log in the directory with the fewest, or answers the one that exists. While a
     * directory is offline none is made: the partition's records may be in that directory, and an
     * empty log would pass for them.
     *
     * @throws IllegalStateException if the partition's log has another topic id
     */
    public PartitionLog create(TopicPartition partition, Uuid topicId, LogSettings settings)
            throws IOException {
        return create(partition, topicId, settings, false);
    }

    /**
     * As the other one.
     *
     * @param isNew whether this broker never had a log of the partition, so that it may be made
     *     although a directory is offline
     */
    public synchronized PartitionLog create(
            TopicPartition partition, Uuid topicId, LogSettings settings, boolean isNew)
            throws IOException {
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
        if (!isNew && offline.count() > 0) {
            throw new IOException(
                    "%s may be in a directory that is offline: %s"
                            .formatted(partition, offline.paths()));
        }
        LogDirectory home = leastUsed();
        Path folder = home.path().resolve(partition.toString());
        try {
            if (Files.exists(folder)) {
                PartitionMetadataFile.write(folder, topicId);
            }
            PartitionLog log =
                    PartitionLog.open(
                            parameters(folder, partition, topicId, settings, true, 0, 0, -1));
            logs.put(partition, log);
            count(log, 1);
            maintenance.later(FILES_OF_NEW_LOGS_MILLIS, () -> makeFiles(log));
            return log;
        } catch (IOException failure) {
            offline.onFailure(home, failure);
            throw failure;
        }
    }

    private static void makeFiles(PartitionLog log) {
        try {
            log.makeFiles();
        } catch (IOException failure) {
            LOG.warn("{}: its files are made with its first record", log.topicPartition(), failure);
        }
    }

    /** Deletes the log; its space comes back in the background. */
    public synchronized void delete(TopicPartition partition) throws IOException {
        PartitionLog log = logs.remove(partition);
        if (log == null) {
            return;
        }
        forget(log);
        Path doomed = LogDirectory.deletedName(log.directory());
        if (renamed(log.directory(), doomed)) {
            maintenance.later(log.settings().fileDeleteDelayMillis(), () -> removeQuietly(doomed));
        }
    }

    private void forget(PartitionLog log) throws IOException {
        count(log, -1);
        highWatermarks.remove(log.topicPartition());
        log.abandon();
    }

    /** Whether there was such a folder: a log without a record may have none. */
    private static boolean renamed(Path folder, Path name) throws IOException {
        try {
            Files.move(folder, name, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException neverMade) {
            return false;
        }
    }

    /** Closes the log and keeps its folder under another name. */
    public synchronized void setAside(TopicPartition partition) throws IOException {
        PartitionLog log = logs.remove(partition);
        if (log == null) {
            return;
        }
        forget(log);
        Path stray = LogDirectory.strayName(log.directory());
        if (renamed(log.directory(), stray)) {
            LOG.warn("{} is no longer part of this broker; its files stay in {}", partition, stray);
        }
    }

    /** Is told of directories that go offline from now on, and of those that are already. */
    public void addListener(LogDirectoryListener listener) {
        offline.addListener(listener);
    }

    /** What this broker knows of each of its log directories. */
    public List<LogDirectoryDescription> describe() {
        return directories.stream().map(d -> LogDirectoryDescription.of(d, logs.values())).toList();
    }

    /** How far the opening of the logs is, by directory. */
    public Map<Path, RecoveryProgress> recovery() {
        return Collections.unmodifiableMap(recovery);
    }

    /** The largest share of uncleaned bytes that the cleaner saw in a compacted log. */
    public double largestDirtyRatio() {
        return maintenance.cleaner().map(LogCleaner::largestDirtyRatio).orElse(0.0);
    }

    /** Compacted logs that the cleaner gave up on until the next start. */
    public int uncleanableLogs() {
        return maintenance.cleaner().map(LogCleaner::uncleanable).orElse(0);
    }

    /** How often records of {@code flush.messages=1} were forced to disk before they counted. */
    public long forces() {
        return maintenance.forces();
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

    /** Writes recovery points, start offsets, high watermarks and how far logs are compacted. */
    public void checkpoint(ToLongFunction<TopicPartition> highWatermark) {
        for (LogDirectory directory : directories) {
            if (directory.isOffline()) {
                continue;
            }
            try {
                checkpoint(directory, highWatermark);
            } catch (IOException failure) {
                LOG.error("{}: checkpoints were not written", directory.path(), failure);
                offline.onFailure(directory, failure);
            }
        }
    }

    private void checkpoint(LogDirectory directory, ToLongFunction<TopicPartition> highWatermark)
            throws IOException {
        Map<TopicPartition, Long> recoveryPoints = new HashMap<>();
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> watermarks = new HashMap<>();
        Map<TopicPartition, Long> cleaned = new HashMap<>();
        for (PartitionLog log : logs.values()) {
            if (directory.path().equals(log.directory().getParent())) {
                TopicPartition partition = log.topicPartition();
                recoveryPoints.put(partition, log.recoveryPoint());
                watermarks.put(partition, highWatermark.applyAsLong(partition));
                if (log.logStartOffset() > 0) {
                    starts.put(partition, log.logStartOffset());
                }
                long cleanedOffset = log.compactable().cleanedOffset();
                if (cleanedOffset >= 0) {
                    cleaned.put(partition, cleanedOffset);
                }
            }
        }
        directory.recoveryPoints().write(recoveryPoints);
        directory.logStartOffsets().write(starts);
        directory.highWatermarks().write(watermarks);
        directory.cleanedOffsets().write(cleaned);
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
        boolean whole = true;
        for (PartitionLog log : logs.values()) {
            try {
                if (log.isOffline()) {
                    log.abandon();
                } else {
                    log.makeFiles();
                    log.close();
                }
            } catch (IOException | UncheckedIOException notClosed) {
                LOG.error("{} was not closed cleanly", log.topicPartition(), notClosed);
                whole = false;
            }
        }
        try {
            checkpoint(highWatermark);
            if (!whole) {
                throw new IOException("a log was not closed cleanly");
            }
            for (LogDirectory directory : directories) {
                if (!directory.isOffline()) {
                    directory.writeCleanShutdownMarker(brokerEpoch);
                }
            }
        } finally {
            letGo();
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
            long logStartOffset,
            long cleanedOffset) {
        return new LogParameters(
                folder,
                partition,
                topicId,
                settings,
                clean,
                recoveryPoint,
                logStartOffset,
                cleanedOffset,
                options.producerExpirationMillis(),
                clock,
                maintenance,
                offline,
                recovery.get(folder.getParent()),
                decompression);
    }

    private LogDirectory leastUsed() throws IOException {
        return directories.stream()
                .filter(directory -> !directory.isOffline())
                .min(Comparator.comparingInt(d -> logsIn.getOrDefault(d.path(), 0)))
                .orElseThrow(() -> new IOException("every log directory is offline"));
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
