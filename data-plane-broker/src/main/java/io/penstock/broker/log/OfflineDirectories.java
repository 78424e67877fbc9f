package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Takes a directory out of service when its disk fails: nothing is known of what it still holds.
 * Want of space is no such failure, unless a force meets it; it passes.
 */
final class OfflineDirectories implements StorageFailures {

    private static final Logger LOG = LoggerFactory.getLogger(OfflineDirectories.class);

    private final List<LogDirectory> directories;
    private final Map<TopicPartition, PartitionLog> logs;
    private final BackgroundWork background;
    private final List<LogDirectoryListener> listeners = new CopyOnWriteArrayList<>();

    OfflineDirectories(
            List<LogDirectory> directories,
            Map<TopicPartition, PartitionLog> logs,
            BackgroundWork background) {
        this.directories = directories;
        this.logs = logs;
        this.background = background;
    }

    @Override
    public void onFailure(TopicPartition topicPartition, Path folder, Exception failure) {
        if (!FullDisk.is(failure)) {
            onForceFailure(topicPartition, folder, failure);
        }
    }

    @Override
    public void onForceFailure(TopicPartition topicPartition, Path folder, Exception failure) {
        // A reader met a log that was closed meanwhile: the disk is as good as before.
        if (failure instanceof ClosedChannelException) {
            return;
        }
        for (LogDirectory directory : directories) {
            if (directory.path().equals(folder.getParent())) {
                takeOffline(directory, failure);
            }
        }
    }

    void onFailure(LogDirectory directory, Exception failure) {
        if (!FullDisk.is(failure)) {
            takeOffline(directory, failure);
        }
    }

    private void takeOffline(LogDirectory directory, Exception failure) {
        if (!directory.goOffline()) {
            return;
        }
        Set<TopicPartition> gone = partitionsOf(directory);
        LOG.error(
                "The log directory {} failed and is offline with its {} partitions",
                directory.path(),
                gone.size(),
                failure);
        for (TopicPartition partition : gone) {
            logs.get(partition).goOffline();
        }
        background.force(() -> listeners.forEach(listener -> tell(listener, directory)));
    }

    private Set<TopicPartition> partitionsOf(LogDirectory directory) {
        return logs.values().stream()
                .filter(log -> directory.path().equals(log.directory().getParent()))
                .map(PartitionLog::topicPartition)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void tell(LogDirectoryListener listener, LogDirectory directory) {
        try {
            listener.onOffline(directory.path(), partitionsOf(directory));
            if (count() == directories.size()) {
                listener.onAllOffline();
            }
        } catch (RuntimeException failure) {
            LOG.error("a listener of log directories failed", failure);
        }
    }

    void addListener(LogDirectoryListener listener) {
        listeners.add(listener);
        for (LogDirectory directory : directories) {
            if (directory.isOffline()) {
                background.force(() -> tell(listener, directory));
            }
        }
    }

    int count() {
        return (int) directories.stream().filter(LogDirectory::isOffline).count();
    }

    List<Path> paths() {
        return directories.stream()
                .filter(LogDirectory::isOffline)
                .map(LogDirectory::path)
                .toList();
    }
}
