package io.penstock.broker.log;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code partition.metadata}: which topic, by id, a folder belongs to. */
final class PartitionMetadataFile {

    private static final String TOPIC_ID = "topic_id: ";

    private PartitionMetadataFile() {}

    /** Empty when there is no such file, or nothing in it that is a topic's id. */
    static Optional<Uuid> read(Path directory) throws IOException {
        Path file = directory.resolve(LogFiles.METADATA);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(TOPIC_ID)) {
                    return Optional.of(Uuid.fromString(line.substring(TOPIC_ID.length()).trim()));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    static void write(Path directory, Uuid topicId) throws IOException {
        LogFiles.replace(
                directory.resolve(LogFiles.METADATA),
                "version: 0\n" + TOPIC_ID + topicId + "\n",
                false);
    }
}
