package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A new log is served before the disk has seen it. */
class NewLogsTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Uuid TOPIC_ID = new Uuid(3, 4);
    private static final long SEGMENT = 0;

    @TempDir private Path home;

    @Test
    void theFirstRecordMakesTheFiles() throws IOException {
        TestLog test = new TestLog(folder(), LogSettings.DEFAULTS);
        PartitionLog log = test.open(true);
        log.beginEpoch(3);

        assertThat(folder()).doesNotExist();
        assertThat(log.end()).isEqualTo(new LogPosition(0, SEGMENT, 0));
        assertThat(log.read(0, 100, true, log.end())).isEmpty();
        assertThat(log.endOffsetFor(3)).hasValue(new LeaderEpochEnd(3, 0));

        test.append(log, "first");
        log.close();

        assertThat(PartitionMetadataFile.read(folder())).contains(TestLog.TOPIC_ID);
        assertThat(folder().resolve(LogFiles.LEADER_EPOCHS)).hasContent("0\n1\n3 0\n");
        PartitionLog again = test.open(true);
        assertThat(TestLog.read(again, 0)).containsExactly("first");
        assertThat(again.latestEpoch()).hasValue(3);
    }

    @Test
    void closedWithoutARecordItLeavesNothing() throws IOException {
        TestLog test = new TestLog(folder(), LogSettings.DEFAULTS);
        PartitionLog log = test.open(true);
        log.beginEpoch(3);
        log.truncateTo(0);
        log.flush();
        log.close();

        assertThat(folder()).doesNotExist();
    }

    @Test
    void soonTheFilesAreThereWithoutARecord() throws IOException {
        try (LogDirectories directories = open()) {
            create(directories).beginEpoch(5);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                assertThat(PartitionMetadataFile.read(folder())).contains(TOPIC_ID);
                                assertThat(LogFiles.segment(folder(), SEGMENT)).isEmptyFile();
                            });
            assertThat(folder().resolve(LogFiles.LEADER_EPOCHS)).doesNotExist();
        }

        assertThat(LogFiles.offsetIndex(folder(), SEGMENT)).doesNotExist();
        try (LogDirectories again = open()) {
            PartitionLog log = again.find(PARTITION).orElseThrow();
            append(log, "first");
            assertThat(TestLog.read(log, 0)).containsExactly("first");
        }
    }

    @Test
    void withoutFilesItIsDeletedAndMadeAnew() throws IOException {
        try (LogDirectories directories = open()) {
            create(directories);
            directories.delete(PARTITION);
            create(directories);
            directories.setAside(PARTITION);
            PartitionLog third = create(directories);
            append(third, "third");

            assertThat(TestLog.read(third, 0)).containsExactly("third");
        }
    }

    @Test
    void aLogThatBeginsElsewhereHasItsFilesThere() throws IOException {
        TestLog test = new TestLog(folder(), LogSettings.DEFAULTS);
        PartitionLog log = test.open(true);
        log.truncateFullyAndStartAt(40);

        assertThat(LogFiles.segment(folder(), 40)).isEmptyFile();
        assertThat(test.append(log, "next").baseOffset()).isEqualTo(40);
    }

    @Test
    void newLogsGoWhereTheFewestAre() throws IOException {
        Path one = Files.createDirectories(home.resolve("one"));
        Path other = Files.createDirectories(home.resolve("other"));
        try (LogDirectories directories = open(one, other)) {
            for (int i = 0; i < 4; i++) {
                directories.create(new TopicPartition("t", i), TOPIC_ID, LogSettings.DEFAULTS);
            }
            Path emptied =
                    directories
                            .find(new TopicPartition("t", 0))
                            .orElseThrow()
                            .directory()
                            .getParent();
            directories.delete(new TopicPartition("t", 0));

            PartitionLog next =
                    directories.create(new TopicPartition("t", 9), TOPIC_ID, LogSettings.DEFAULTS);

            assertThat(next.directory().getParent()).isEqualTo(emptied);
            assertThat(directories.all())
                    .filteredOn(log -> log.directory().startsWith(one))
                    .hasSize(2);
        }
    }

    private static PartitionLog create(LogDirectories directories) throws IOException {
        return directories.create(PARTITION, TOPIC_ID, LogSettings.DEFAULTS);
    }

    private static void append(PartitionLog log, String value) {
        AppendResult result =
                log.append(
                        Batches.of(Batches.records(System.currentTimeMillis(), value)),
                        AppendOrigin.CLIENT,
                        5);
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
    }

    private Path folder() {
        return home.resolve("orders-0");
    }

    private LogDirectories open(Path... directories) {
        return LogDirectories.open(
                LogDirectoriesOptions.defaults(
                        directories.length == 0 ? List.of(home) : List.of(directories), 0, "test"),
                Clock.SYSTEM,
                new KafkaDecompression());
    }
}
