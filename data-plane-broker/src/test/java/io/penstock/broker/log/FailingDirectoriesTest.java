package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

class FailingDirectoriesTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final Uuid TOPIC_ID = new Uuid(3, 4);

    @TempDir(factory = MemoryDirectory.class)
    private Path home;

    private final FaultyDisk disk = new FaultyDisk();
    private final List<Set<TopicPartition>> wentOffline = new CopyOnWriteArrayList<>();
    private final AtomicBoolean allOffline = new AtomicBoolean();
    private Path one;
    private Path other;

    @BeforeEach
    void twoDirectories() throws IOException {
        one = Files.createDirectories(home.resolve("one"));
        other = Files.createDirectories(home.resolve("other"));
    }

    @Test
    void aFailingDirectoryTakesOnlyItsOwnPartitionsAway() throws IOException {
        try (LogDirectories directories = open()) {
            PartitionLog broken = directories.create(FIRST, TOPIC_ID, LogSettings.DEFAULTS);
            PartitionLog sound = directories.create(SECOND, TOPIC_ID, LogSettings.DEFAULTS);
            append(broken, "before");
            append(sound, "before");

            disk.fail(Path.of(broken.directory().getParent().toString()));

            assertThat(refusal(broken)).isEqualTo(Reason.STORAGE_ERROR);
            await().untilAsserted(() -> assertThat(wentOffline).containsExactly(Set.of(FIRST)));
            assertThat(broken.isOffline()).isTrue();
            assertThatThrownBy(() -> broken.read(0, 100, true, broken.end()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("offline");
            assertThat(append(sound, "after").baseOffset()).isEqualTo(1);
            assertThat(TestLog.read(sound, 0)).containsExactly("before", "after");
            assertThat(allOffline).isFalse();
            assertThat(directories.describe())
                    .extracting(LogDirectoryDescription::online)
                    .containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void withoutAnyDirectoryTheBrokerIsTold() throws IOException {
        try (LogDirectories directories = open()) {
            PartitionLog first = directories.create(FIRST, TOPIC_ID, LogSettings.DEFAULTS);
            PartitionLog second = directories.create(SECOND, TOPIC_ID, LogSettings.DEFAULTS);
            disk.fail(home);

            assertThat(refusal(first)).isEqualTo(Reason.STORAGE_ERROR);
            assertThat(refusal(second)).isEqualTo(Reason.STORAGE_ERROR);

            await().untilTrue(allOffline);
        }
    }

    @Test
    void noEmptyLogPassesForOneThatIsInAnOfflineDirectory() throws IOException {
        try (LogDirectories directories = open()) {
            PartitionLog broken = directories.create(FIRST, TOPIC_ID, LogSettings.DEFAULTS);
            disk.fail(Path.of(broken.directory().getParent().toString()));
            assertThat(refusal(broken)).isEqualTo(Reason.STORAGE_ERROR);

            assertThatThrownBy(() -> directories.create(SECOND, TOPIC_ID, LogSettings.DEFAULTS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("offline");
            PartitionLog made = directories.create(SECOND, TOPIC_ID, LogSettings.DEFAULTS, true);

            assertThat(append(made, "new").baseOffset()).isZero();
        }
    }

    @Test
    void aFullDiskLeavesNothingTornAndHealsWithSpace() throws IOException {
        try (LogDirectories directories = open()) {
            PartitionLog log = directories.create(FIRST, TOPIC_ID, LogSettings.DEFAULTS);
            append(log, "before");

            for (int room = 0; room < 350; room += 7) {
                disk.leaveRoomFor(room);
                AppendResult result = log.append(batch("x".repeat(300)), AppendOrigin.CLIENT, 1);
                assertThat(result).as("with room for %d", room).isInstanceOf(Refused.class);
                assertThat(((Refused) result).reason()).isEqualTo(Reason.STORAGE_ERROR);
                assertThat(log.end().offset()).isEqualTo(1);
                assertThat(TestLog.read(log, 0)).containsExactly("before");
            }
            disk.makeRoom();

            assertThat(append(log, "after").baseOffset()).isEqualTo(1);
            assertThat(TestLog.read(log, 0)).containsExactly("before", "after");
            assertThat(log.isOffline()).isFalse();
            assertThat(wentOffline).isEmpty();
        }
    }

    /** The kernel forgets what it could not write: the next force would wrongly succeed. */
    @Test
    void aForceThatFailsTakesTheDirectoryAwayWhateverTheReason() throws IOException {
        LogSettings durable = LogSettings.of(Map.of("flush.messages", "1"), Map.of());
        try (LogDirectories directories = open()) {
            PartitionLog log = directories.create(FIRST, TOPIC_ID, durable);
            AtomicBoolean told = new AtomicBoolean();
            append(log, "before");
            await().until(() -> log.durableEnd() == 1);
            log.setDurabilityListener(
                    new DurabilityListener() {
                        @Override
                        public void onDurable(long endOffset) {}

                        @Override
                        public void onOffline() {
                            told.set(true);
                        }
                    });

            disk.failForces();
            append(log, "not on disk");

            await().untilTrue(told);
            assertThat(log.isOffline()).isTrue();
            assertThat(log.durableEnd()).isEqualTo(1);
            assertThat(refusal(log)).isEqualTo(Reason.STORAGE_ERROR);
            disk.makeRoom();
        }
    }

    @Test
    void aFullDiskAmidIndexesEpochsAndTransactionsIsMadeWholeAgain() throws IOException {
        LogSettings settings = TestLog.settings(600, Map.of("index.interval.bytes", "1"));
        try (LogDirectories directories = open()) {
            PartitionLog log = directories.create(FIRST, TOPIC_ID, settings);
            long now = System.currentTimeMillis();
            int sequence = 0;
            int written = 0;
            for (int room = 0; room < 3000; room += 13) {
                disk.leaveRoomFor(room % 700);
                AppendResult result =
                        log.append(
                                Batches.transactional(
                                        5, 0, sequence, Batches.record(now, "v" + written)),
                                AppendOrigin.CLIENT,
                                room / 100);
                if (result instanceof Appended) {
                    sequence++;
                    written++;
                }
                if (room % 3 == 0) {
                    log.append(
                            Batches.marker(5, 0, false, 1, now),
                            AppendOrigin.COORDINATOR,
                            room / 100);
                }
            }
            disk.makeRoom();
            long end = append(log, "last").baseOffset();

            List<String> values = TestLog.read(log, 0);
            assertThat(written).isPositive();
            assertThat(values).contains("v0", "v" + (written - 1), "last");
            assertThat(log.abortedTransactions(0, end))
                    .isNotEmpty()
                    .allSatisfy(aborted -> assertThat(aborted.lastOffset()).isLessThan(end));
            assertThat(log.isOffline()).isFalse();
        }
        try (LogDirectories again = open()) {
            assertThat(TestLog.read(again.find(FIRST).orElseThrow(), 0)).contains("last");
        }
    }

    @Test
    void aDirectoryThatCannotBeOpenedIsOfflineFromTheStart() throws IOException {
        try (LogDirectories directories = open()) {
            directories.create(FIRST, TOPIC_ID, LogSettings.DEFAULTS);
            directories.create(SECOND, TOPIC_ID, LogSettings.DEFAULTS);
        }
        disk.fail(one);

        try (LogDirectories directories = open()) {
            assertThat(directories.all()).hasSize(1);
            await().untilAsserted(() -> assertThat(wentOffline).hasSize(1));
        }
        disk.fail(home);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("None of the log directories");
    }

    private LogDirectories open() {
        LogDirectories directories =
                LogDirectories.open(
                        LogDirectoriesOptions.defaults(
                                List.of(disk.path(one), disk.path(other)), 0, "test"),
                        Clock.SYSTEM,
                        new KafkaDecompression());
        directories.addListener(
                new LogDirectoryListener() {
                    @Override
                    public void onOffline(Path directory, Set<TopicPartition> offline) {
                        wentOffline.add(offline);
                    }

                    @Override
                    public void onAllOffline() {
                        allOffline.set(true);
                    }
                });
        return directories;
    }

    private static java.nio.ByteBuffer batch(String value) {
        return Batches.of(Batches.record(System.currentTimeMillis(), value));
    }

    private static Appended append(PartitionLog log, String value) {
        return (Appended) log.append(batch(value), AppendOrigin.CLIENT, 1);
    }

    private static Reason refusal(PartitionLog log) {
        return ((Refused) log.append(batch("refused"), AppendOrigin.CLIENT, 1)).reason();
    }
}
