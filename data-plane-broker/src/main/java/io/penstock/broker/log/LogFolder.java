package io.penstock.broker.log;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A partition's folder, which tells the topic's id. It is made when something is to lie in it: a
 * topic of thousands of partitions is served before the disk has seen any of them, and a loss of
 * what holds no record loses nothing. Guarded by the log's lock.
 */
final class LogFolder {

    private final Path path;
    private final Uuid topicId;
    private boolean made;

    LogFolder(Path path, Uuid topicId) {
        this.path = path;
        this.topicId = topicId;
        this.made = Files.exists(path);
    }

    Path path() {
        return path;
    }

    boolean isMade() {
        return made;
    }

    /** Makes it unless it is there; after a failure the next call tries again. */
    void make() throws IOException {
        if (!made) {
            Files.createDirectories(path);
            PartitionMetadataFile.write(path, topicId);
            made = true;
        }
    }
}
