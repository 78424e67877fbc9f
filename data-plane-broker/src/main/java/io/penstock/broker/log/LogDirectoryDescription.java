package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A log directory, and what lies in it.
 *
 * @param online whether it can be used
 * @param totalBytes size of its volume, or -1 if it does not tell
 * @param usableBytes free part of it, or -1
 * @param logs the partitions' logs
 */
public record LogDirectoryDescription(
        Path path,
        boolean online,
        long totalBytes,
        long usableBytes,
        Map<TopicPartition, PartitionLog> logs) {

    private static final long UNKNOWN = -1;

    static LogDirectoryDescription of(LogDirectory directory, Collection<PartitionLog> logs) {
        Map<TopicPartition, PartitionLog> here =
                logs.stream()
                        .filter(log -> directory.path().equals(log.directory().getParent()))
                        .collect(Collectors.toMap(PartitionLog::topicPartition, log -> log));
        if (directory.isOffline()) {
            return new LogDirectoryDescription(directory.path(), false, UNKNOWN, UNKNOWN, here);
        }
        try {
            FileStore volume = Files.getFileStore(directory.path());
            return new LogDirectoryDescription(
                    directory.path(), true, volume.getTotalSpace(), volume.getUsableSpace(), here);
        } catch (IOException notTold) {
            return new LogDirectoryDescription(directory.path(), true, UNKNOWN, UNKNOWN, here);
        }
    }
}
