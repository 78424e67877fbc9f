package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of {@code log.dirs}, held by this process alone. */
final class LogDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);
    private static final int LONGEST_FOLDER_NAME = 255;
    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d+)");
    private static final Pattern BROKER_EPOCH = Pattern.compile("\"brokerEpoch\"\\s*:\\s*(-?\\d+)");
    static final String DELETE_SUFFIX = "-delete";
    static final String STRAY_SUFFIX = "-stray";

    private final Path path;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final AtomicBoolean offline = new AtomicBoolean();

    private LogDirectory(Path path, FileChannel lockChannel, FileLock lock) {
        this.path = path;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Locks the directory. One whose disk fails is offline from the start.
     *
     * @throws LogDirectoryException if it is another broker's, or in use
     */
    static LogDirectory open(Path path, int brokerId, String clusterId) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(
                            path.resolve(".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            LogDirectory directory = new LogDirectory(path, channel, tryLock(path, channel));
            try {
                directory.checkOwner(brokerId, clusterId);
            } catch (IOException | RuntimeException refused) {
                directory.unlock();
                throw refused;
            }
            return directory;
        } catch (IOException failure) {
            LOG.error("The log directory {} cannot be used and is offline", path, failure);
            LogDirectory broken = new LogDirectory(path, null, null);
            broken.goOffline();
            return broken;
        }
    }

    private static FileLock tryLock(Path path, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new LogDirectoryException(
                    "The log directory %s is in use by another process. Stop it, or set log.dirs to another directory."
                            .formatted(path));
        }
        return lock;
    }

    private void checkOwner(int brokerId, String clusterId) throws IOException {
        Path file = path.resolve("meta.properties");
        if (!Files.exists(file)) {
            LogFiles.replace(
                    file,
                    "version=1\ncluster.id=%s\nbroker.id=%d\n".formatted(clusterId, brokerId),
                    true);
            return;
        }
        Properties owner = new Properties();
        owner.load(new StringReader(Files.readString(file)));
        checkEqual(file, "broker.id", owner.getProperty("broker.id"), Integer.toString(brokerId));
        checkEqual(file, "cluster.id", owner.getProperty("cluster.id"), clusterId);
    }

    private static void checkEqual(Path file, String property, String stored, String own) {
        if (!own.equals(stored)) {
            throw new LogDirectoryException(
                    "%s says %s=%s, but this broker has %s=%s. Set log.dirs to this broker's own directory."
                            .formatted(file, property, stored, property, own));
        }
    }

    /**
     * Whether the last process closed its logs: its broker epoch. The marker is gone after this.
     */
    OptionalLong takeCleanShutdownMarker() throws IOException {
        Path marker = cleanShutdownMarker();
        if (!Files.exists(marker)) {
            return OptionalLong.empty();
        }
        Matcher epoch = BROKER_EPOCH.matcher(Files.readString(marker));
        long brokerEpoch = epoch.find() ? Long.parseLong(epoch.group(1)) : -1;
        Files.delete(marker);
        LogFiles.forceDirectory(path);
        return OptionalLong.of(brokerEpoch);
    }

    void writeCleanShutdownMarker(long brokerEpoch) throws IOException {
        LogFiles.replace(
                cleanShutdownMarker(),
                "{\"version\":0,\"brokerEpoch\":%d}".formatted(brokerEpoch),
                true);
    }

    /** Folders of partitions. */
    List<Path> partitionFolders() throws IOException {
        return folders(name -> parse(name).isPresent());
    }

    /** Folders of partitions that were deleted, but not yet removed. */
    List<Path> deletedFolders() throws IOException {
        return folders(name -> name.endsWith(DELETE_SUFFIX));
    }

    private List<Path> folders(java.util.function.Predicate<String> wanted) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry) && wanted.test(entry.getFileName().toString())) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /** A name for the folder of a partition that is kept for the operator. */
    static Path strayName(Path folder) {
        return renamed(folder, STRAY_SUFFIX);
    }

    /** A name for the folder of a partition that is being deleted. */
    static Path deletedName(Path folder) {
        return renamed(folder, DELETE_SUFFIX);
    }

    private static Path renamed(Path folder, String suffix) {
        String tail = "." + UUID.randomUUID().toString().replace("-", "") + suffix;
        String name = folder.getFileName().toString();
        int room = LONGEST_FOLDER_NAME - tail.length();
        return folder.resolveSibling(
                (name.length() > room ? name.substring(0, room) : name) + tail);
    }

    static Optional<TopicPartition> parse(String folder) {
        Matcher matcher = PARTITION.matcher(folder);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2))));
        } catch (NumberFormatException notAPartition) {
            LOG.warn("the folder {} is ignored: its partition number is too large", folder);
            return Optional.empty();
        }
    }

    OffsetCheckpoint recoveryPoints() {
        return new OffsetCheckpoint(path.resolve("recovery-point-offset-checkpoint"));
    }

    OffsetCheckpoint logStartOffsets() {
        return new OffsetCheckpoint(path.resolve("log-start-offset-checkpoint"));
    }

    OffsetCheckpoint cleanedOffsets() {
        return new OffsetCheckpoint(path.resolve("cleaner-offset-checkpoint"));
    }

    OffsetCheckpoint highWatermarks() {
        return new OffsetCheckpoint(path.resolve("replication-offset-checkpoint"));
    }

    Path path() {
        return path;
    }

    boolean isOffline() {
        return offline.get();
    }

    /** Nothing more is read or written here; whether that is news. */
    boolean goOffline() {
        return offline.compareAndSet(false, true);
    }

    void unlock() throws IOException {
        if (lock == null) {
            return;
        }
        if (lock.isValid()) {
            lock.release();
        }
        lockChannel.close();
    }

    private Path cleanShutdownMarker() {
        return path.resolve(".kafka_cleanshutdown");
    }
}
