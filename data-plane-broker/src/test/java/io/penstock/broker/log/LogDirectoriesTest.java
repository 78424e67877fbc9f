package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class LogDirectoriesTest {

    private static final TopicPartition WHOLE = new TopicPartition("whole", 0);
    private static final TopicPartition SPOILT = new TopicPartition("spoilt", 0);

    @TempDir private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"", "version: 0\n", "version: 0\ntopic_id: \u0000\u00ff not an id\n"})
    void aPartitionWithoutAReadableTopicIdIsSetAsideAlone(String metadata) throws IOException {
        try (LogDirectories directories = open()) {
            directories.create(WHOLE, Uuid.randomUuid(), LogSettings.DEFAULTS);
            directories.create(SPOILT, Uuid.randomUuid(), LogSettings.DEFAULTS);
        }
        Files.writeString(home.resolve("spoilt-0/partition.metadata"), metadata);

        try (LogDirectories again = open()) {
            assertThat(again.all()).extracting(PartitionLog::topicPartition).containsExactly(WHOLE);
        }

        try (Stream<Path> folders = Files.list(home)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("spoilt-0.") && name.endsWith("-stray"))
                    .contains("whole-0")
                    .doesNotContain("spoilt-0");
        }
    }

    private LogDirectories open() {
        return LogDirectories.open(
                LogDirectoriesOptions.defaults(List.of(home), 0, "test"),
                Clock.SYSTEM,
                new KafkaDecompression());
    }
}
