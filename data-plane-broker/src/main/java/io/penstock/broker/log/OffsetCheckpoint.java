package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file of offsets by partition, in Kafka's format: version, count, then one partition a line. */
final class OffsetCheckpoint {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoint.class);
    private static final String VERSION = "0";

    private final Path file;

    OffsetCheckpoint(Path file) {
        this.file = file;
    }

    /** What the file says; nothing if it is missing or damaged, which only costs work. */
    Map<TopicPartition, Long> read() throws IOException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        List<String> lines = Files.readAllLines(file);
        try {
            if (lines.size() < 2
                    || !lines.get(0).equals(VERSION)
                    || Integer.parseInt(lines.get(1)) != lines.size() - 2) {
                throw new IllegalArgumentException("version or count do not fit");
            }
            for (String line : lines.subList(2, lines.size())) {
                String[] parts = line.split(" ", -1);
                if (parts.length != 3) {
                    throw new IllegalArgumentException("a line has not three parts");
                }
                offsets.put(
                        new TopicPartition(parts[0], Integer.parseInt(parts[1])),
                        Long.parseLong(parts[2]));
            }
            return offsets;
        } catch (IllegalArgumentException damaged) {
            LOG.warn("{} is damaged and not used: {}", file, damaged.getMessage());
            return Map.of();
        }
    }

    void write(Map<TopicPartition, Long> offsets) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(offsets.size()).append('\n');
        offsets.forEach(
                (partition, offset) ->
                        text.append(partition.topic())
                                .append(' ')
                                .append(partition.partition())
                                .append(' ')
                                .append(offset)
                                .append('\n'));
        LogFiles.replace(file, text.toString(), true);
    }
}
