package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class CompactionTest {

    private static final int KEYS = 10;

    @TempDir(factory = MemoryDirectory.class)
    private Path home;

    private Path directory;
    private TestLog test;
    private PartitionLog log;
    private final Map<String, String> latest = new TreeMap<>();

    @BeforeEach
    void compactedTopic() throws IOException {
        directory = Files.createDirectories(home.resolve("orders-0"));
        test =
                new TestLog(
                        directory,
                        TestLog.settings(
                                1000,
                                Map.of(
                                        "cleanup.policy", "compact",
                                        "index.interval.bytes", "100",
                                        "delete.retention.ms", "1000")));
        log = test.open(true);
    }

    @Test
    void ofEachKeyTheLatestRecordStays() throws IOException {
        fill(100);
        long end = log.end().offset();

        clean(CleanerOptions.DEFAULTS);

        assertThat(keysAndValues(0)).isEqualTo(latest);
        assertThat(TestLog.read(log, 0)).hasSizeLessThan(40);
        assertThat(log.end().offset()).isEqualTo(end);
        assertThat(append("next", "value").baseOffset()).isEqualTo(end);
    }

    @Test
    void nothingPastTheHighWatermarkIsCleaned() throws IOException {
        fill(100);
        List<String> before = TestLog.read(log, 30);

        cleaner(CleanerOptions.DEFAULTS, 30).cleanAllDue();

        assertThat(TestLog.read(log, 30)).isEqualTo(before);
        assertThat(log.compactable().cleanedOffset()).isLessThanOrEqualTo(30);
    }

    @Test
    void aTombstoneGoesAfterItsTimeAndNotBefore() throws IOException {
        append("gone", "value");
        append("gone", null);
        fill(60);
        clean(CleanerOptions.DEFAULTS);
        assertThat(keysOf(0)).contains("gone");

        test.clock.advance(500);
        fill(60);
        clean(CleanerOptions.DEFAULTS);
        assertThat(keysOf(0)).contains("gone");

        test.clock.advance(600);
        fill(60);
        clean(CleanerOptions.DEFAULTS);
        assertThat(keysOf(0)).doesNotContain("gone");
        assertThat(keysAndValues(0)).isEqualTo(latest);
    }

    @Test
    void littleMemoryOnlyMeansMorePasses() throws IOException {
        fill(200);
        CleanerOptions little =
                new CleanerOptions(true, 1, 24 * 8, 0.5, 200, Double.MAX_VALUE, 1_000);

        for (int pass = 0; pass < 100 && dirtyBytes() > 0; pass++) {
            LogCleaner cleaner = cleaner(little, log.end().offset());
            cleaner.compaction(log, range()).run();
            assertThat(keysAndValues(0)).isEqualTo(latest);
        }

        assertThat(dirtyBytes()).isZero();
        assertThat(TestLog.read(log, 0)).hasSizeLessThan(100);
    }

    @Test
    void readersGoOnWhileSegmentsAreReplaced() throws IOException {
        fill(100);
        LogPosition bound = log.end();
        LogSlice slice = log.read(5, 200, true, bound).orElseThrow();

        clean(CleanerOptions.DEFAULTS);
        test.runBackground();

        var bytes = java.nio.ByteBuffer.allocate(slice.size());
        slice.readInto(bytes);
        slice.release();
        assertThat(RecordBatchHeader.baseOffset(bytes, 0)).isEqualTo(5);
        assertThat(log.read(5, 200, true, bound)).isPresent().hasValueSatisfying(LogSlice::release);
        assertThat(keysAndValues(0)).isEqualTo(latest);
    }

    @Test
    void aCompactedLogSurvivesARestartAndACrash() throws IOException {
        fill(100);
        clean(CleanerOptions.DEFAULTS);
        long end = log.end().offset();

        log.abandon();
        log = test.open(false);
        assertThat(keysAndValues(0)).isEqualTo(latest);
        log.close();
        log = test.open(true);

        assertThat(keysAndValues(0)).isEqualTo(latest);
        assertThat(log.end().offset()).isEqualTo(end);
    }

    @Test
    void aHalfWrittenCleanedSegmentIsForgotten() throws IOException {
        fill(100);
        List<String> before = TestLog.read(log, 0);
        log.abandon();
        Path half = LogFiles.suffixed(LogFiles.segment(directory, 0), LogFiles.CLEANED);
        Files.write(half, new byte[500]);
        Files.write(LogFiles.suffixed(LogFiles.offsetIndex(directory, 0), ".cleaned"), new byte[8]);

        log = test.open(false);

        assertThat(TestLog.read(log, 0)).isEqualTo(before);
        assertThat(half).doesNotExist();
    }

    /** The exchange, stopped after so many of its renames, is finished by the next start. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void anExchangeThatACrashStoppedIsFinished(int renames) throws IOException {
        fill(100);
        clean(CleanerOptions.DEFAULTS);
        test.runBackground();
        fill(60);
        List<Long> bases = LogFiles.offsetsOf(directory, LogFiles.LOG);
        Path originals = copy(directory, home.resolve("originals"));
        clean(CleanerOptions.DEFAULTS);
        test.runBackground();
        log.abandon();
        List<Long> cleaned = LogFiles.offsetsOf(directory, LogFiles.LOG);
        assertThat(cleaned).hasSizeLessThan(bases.size());
        long group = cleaned.getFirst();
        long size = Files.size(LogFiles.segment(directory, group));
        // As it was between .swap and the end: all originals of the first group are there again.
        int done = 0;
        for (Path file : LogFiles.filesOf(directory, group).reversed()) {
            if (done++ < renames - 4) {
                continue;
            }
            Files.move(file, LogFiles.suffixed(file, LogFiles.SWAP));
        }
        done = 0;
        for (long base : bases) {
            if (base < cleaned.get(1)) {
                for (Path file : LogFiles.filesOf(originals, base)) {
                    boolean renamed = done++ < renames * 4;
                    Path target = directory.resolve(file.getFileName());
                    if (Files.exists(file) && !Files.exists(target)) {
                        Files.copy(file, renamed ? LogFiles.deleted(target) : target);
                    }
                }
            }
        }

        log = test.open(false);

        assertThat(LogFiles.offsetsOf(directory, LogFiles.LOG + LogFiles.SWAP)).isEmpty();
        assertThat(Files.size(LogFiles.segment(directory, group))).isEqualTo(size);
        assertThat(keysAndValues(0)).isEqualTo(latest);
        test.cleanedOffset = -1;
        clean(CleanerOptions.DEFAULTS);
        clean(CleanerOptions.DEFAULTS);
        assertThat(keysAndValues(0)).isEqualTo(latest);
    }

    @Test
    void theDirtiestLogIsCleanedFirstAndACleanOneNotAgain() throws IOException {
        fill(100);
        LogCleaner cleaner = cleaner(CleanerOptions.DEFAULTS, log.end().offset());
        cleaner.cleanAllDue();
        long cleaned = log.compactable().cleanedOffset();
        List<LogSegment> segments = log.compactable().segments();

        cleaner.cleanAllDue();

        assertThat(cleaned).isPositive();
        assertThat(log.compactable().segments()).isEqualTo(segments);
        assertThat(cleaner.largestDirtyRatio()).isZero();
    }

    @Test
    void aDamagedBatchTakesOnlyItsLogFromTheCleaner() throws IOException {
        fill(100);
        Path first = LogFiles.segment(directory, 0);
        byte[] bytes = Files.readAllBytes(first);
        bytes[RecordBatchHeader.SIZE + 3] ^= 0x55;
        bytes[8] = 0x7f;
        Files.write(first, bytes);
        LogCleaner cleaner = cleaner(CleanerOptions.DEFAULTS, log.end().offset());

        cleaner.cleanAllDue();

        assertThat(cleaner.uncleanable()).isEqualTo(1);
        assertThat(Files.exists(LogFiles.suffixed(first, LogFiles.CLEANED))).isFalse();
    }

    private CleaningRange range() {
        return log.compactable().range(log.end().offset(), test.clock.wallMillis());
    }

    private long dirtyBytes() {
        return range().dirtyBytes();
    }

    private LogCleaner cleaner(CleanerOptions options, long highWatermark) {
        return new LogCleaner(() -> List.of(log), partition -> highWatermark, options, test.clock);
    }

    private void clean(CleanerOptions options) {
        cleaner(options, log.end().offset()).cleanAllDue();
        assertThat(dirtyBytes()).isZero();
    }

    private void fill(int records) {
        for (int i = 0; i < records; i++) {
            test.clock.advance(1);
            append("key-" + i * 7 % KEYS, "value-" + log.end().offset());
        }
    }

    private AppendResult.Appended append(String key, String value) {
        if (value == null) {
            latest.remove(key);
        } else {
            latest.put(key, value);
        }
        return TestLog.append(
                log,
                Batches.of(
                        new SimpleRecord(
                                test.clock.wallMillis(),
                                key.getBytes(StandardCharsets.UTF_8),
                                value == null ? null : value.getBytes(StandardCharsets.UTF_8))));
    }

    private List<String> keysOf(long from) throws IOException {
        return TestLog.records(log, from, 1 << 20).stream().map(r -> text(r.key())).toList();
    }

    private Map<String, String> keysAndValues(long from) throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        for (Record record : TestLog.records(log, from, 500)) {
            Optional<String> value = Optional.ofNullable(record.value()).map(CompactionTest::text);
            value.ifPresentOrElse(
                    v -> read.put(text(record.key()), v), () -> read.remove(text(record.key())));
        }
        return new TreeMap<>(read);
    }

    private static String text(java.nio.ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }
}
