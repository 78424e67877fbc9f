package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.FileRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class PartitionLogTest {

    @TempDir Path directory;
    private TestLog test;

    @BeforeEach
    void defaults() {
        test = new TestLog(directory, TestLog.settings(1 << 20, Map.of()));
    }

    @Test
    void offsetsAndEpochsAreGivenToBatchesInOrder() throws IOException {
        PartitionLog log = test.open(true);

        Appended first = test.append(log, "a", "b");
        Appended second = test.append(log, "c");

        assertThat(first.baseOffset()).isZero();
        assertThat(first.lastOffset()).isEqualTo(1);
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(log.end().offset()).isEqualTo(3);
        assertThat(TestLog.read(log, 0)).containsExactly("a", "b", "c");
        assertThat(TestLog.read(log, 1)).containsExactly("b", "c");
        assertThat(log.latestEpoch()).hasValue(3);
    }

    @Test
    void kafkasOwnReaderSeesTheSameBatches() throws IOException {
        PartitionLog log = test.open(true);
        test.append(log, "a", "b");
        TestLog.append(
                log,
                Batches.of(
                        Compression.zstd().build(),
                        Batches.records(test.clock.wallMillis(), "c", "d", "e")));
        log.close();

        try (FileRecords file = FileRecords.open(LogFiles.segment(directory, 0).toFile())) {
            var batches = file.batches().iterator();
            var plain = batches.next();
            plain.ensureValid();
            assertThat(plain.baseOffset()).isZero();
            assertThat(plain.partitionLeaderEpoch()).isEqualTo(3);
            var compressed = batches.next();
            compressed.ensureValid();
            assertThat(compressed.baseOffset()).isEqualTo(2);
            assertThat(compressed.countOrNull()).isEqualTo(3);
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void damagedOldAndOversizedBatchesAreRefused() throws IOException {
        test.settings = TestLog.settings(1 << 20, Map.of("max.message.bytes", "200"));
        PartitionLog log = test.open(true);
        ByteBuffer damaged = Batches.of(Batches.records(test.clock.wallMillis(), "abc"));
        damaged.put(damaged.limit() - 2, (byte) 'x');
        ByteBuffer old = Batches.of(Batches.records(test.clock.wallMillis(), "abc"));
        old.put(16, (byte) 1);
        ByteBuffer large = Batches.of(Batches.records(test.clock.wallMillis(), "x".repeat(300)));
        ByteBuffer cut = Batches.of(Batches.records(test.clock.wallMillis(), "abc"));
        cut.limit(cut.limit() - 1);

        assertThat(reason(log, damaged)).isEqualTo(Reason.CORRUPT_BATCH);
        assertThat(reason(log, old)).isEqualTo(Reason.UNSUPPORTED_MAGIC);
        assertThat(reason(log, large)).isEqualTo(Reason.MESSAGE_TOO_LARGE);
        assertThat(reason(log, cut)).isEqualTo(Reason.CORRUPT_BATCH);
        assertThat(reason(log, Batches.marker(1, 0, true, 0, 5))).isEqualTo(Reason.INVALID_RECORD);
        assertThat(log.end().offset()).isZero();
    }

    @Test
    void timestampsFarFromTheBrokersTimeAreRefused() throws IOException {
        test.settings =
                TestLog.settings(1 << 20, Map.of("message.timestamp.before.max.ms", "1000"));
        PartitionLog log = test.open(true);
        long now = test.clock.wallMillis();

        assertThat(reason(log, Batches.of(Batches.records(now - 1001, "late"))))
                .isEqualTo(Reason.INVALID_TIMESTAMP);
        assertThat(reason(log, Batches.of(Batches.records(now + 3_600_001, "early"))))
                .isEqualTo(Reason.INVALID_TIMESTAMP);
        assertThat(
                        TestLog.append(log, Batches.of(Batches.records(now - 1000, "fine")))
                                .baseOffset())
                .isZero();
    }

    @Test
    void logAppendTimeReplacesTheProducersAndKeepsTheChecksumRight() throws IOException {
        test.settings =
                TestLog.settings(1 << 20, Map.of("message.timestamp.type", "LogAppendTime"));
        PartitionLog log = test.open(true);

        Appended appended = TestLog.append(log, Batches.of(Batches.records(12345, "a", "b")));

        assertThat(appended.logAppendTime()).isEqualTo(test.clock.wallMillis());
        assertThat(TestLog.records(log, 0, 1 << 20))
                .hasSize(2)
                .allSatisfy(r -> assertThat(r.timestamp()).isEqualTo(test.clock.wallMillis()));
    }

    @Test
    void segmentsRollBySizeAndByAge() throws IOException {
        test.settings = TestLog.settings(300, Map.of("segment.ms", "1000"));
        PartitionLog log = test.open(true);

        test.append(log, "x".repeat(150));
        test.append(log, "y".repeat(150));
        assertThat(log.segmentCount()).isEqualTo(2);
        test.clock.advance(1001);
        test.append(log, "z");

        assertThat(log.segmentCount()).isEqualTo(3);
        assertThat(TestLog.read(log, 0)).hasSize(3);
        assertThat(LogFiles.snapshot(directory, 1)).exists();
        test.runBackground();
        assertThat(log.recoveryPoint()).isEqualTo(2);
    }

    @Test
    void readersSeeNothingPastTheBoundAndGetOneWholeBatch() throws IOException {
        PartitionLog log = test.open(true);
        test.append(log, "a".repeat(500));
        LogPosition bound = log.end();
        test.append(log, "b");

        assertThat(log.read(1, 1000, true, bound)).isEmpty();
        LogSlice slice = log.read(0, 10, true, bound).orElseThrow();
        assertThat(slice.size()).isEqualTo(bound.position());
        slice.release();
        LogSlice cut = log.read(0, 10, false, bound).orElseThrow();
        assertThat(cut.size()).isEqualTo(10);
        cut.release();
        assertThatThrownBy(cut::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void indexesLeadToEveryOffset() throws IOException {
        test.settings = TestLog.settings(20_000, Map.of("index.interval.bytes", "200"));
        PartitionLog log = test.open(true);
        for (int i = 0; i < 500; i++) {
            test.append(log, "value-" + i, "more-" + i);
        }

        assertThat(Files.size(LogFiles.offsetIndex(directory, 0))).isGreaterThan(8 * 10);
        for (long offset = 0; offset < 1000; offset += 37) {
            LogSlice slice = log.read(offset, 1, true, log.end()).orElseThrow();
            ByteBuffer batch = ByteBuffer.allocate(slice.size());
            slice.readInto(batch);
            slice.release();
            assertThat(RecordBatchHeader.baseOffset(batch, 0)).isEqualTo(offset / 2 * 2);
        }
    }

    @Test
    void retentionDeletesOldSegmentsWhileAReaderKeepsItsOwn() throws IOException {
        test.settings =
                TestLog.settings(300, Map.of("retention.ms", "10000", "file.delete.delay.ms", "0"));
        PartitionLog log = test.open(true);
        test.append(log, "old".repeat(60));
        test.append(log, "old".repeat(60));
        LogSlice held = log.read(0, 1000, true, log.end()).orElseThrow();
        test.clock.advance(10_001);
        test.append(log, "new");

        assertThat(log.deleteOldSegments(log.end().offset())).isEqualTo(2);
        test.runBackground();

        assertThat(log.logStartOffset()).isEqualTo(2);
        assertThat(LogFiles.segment(directory, 0)).doesNotExist();
        ByteBuffer bytes = ByteBuffer.allocate(held.size());
        held.readInto(bytes);
        assertThat(RecordBatchHeader.baseOffset(bytes, 0)).isZero();
        held.release();
        assertThat(held.channel().isOpen()).isFalse();
        assertThatThrownBy(() -> log.read(0, 10, true, log.end()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TestLog.read(log, 2)).containsExactly("new");
    }

    @Test
    void retentionBySizeKeepsAtLeastThatMuchAndNothingPastTheWatermarkGoes() throws IOException {
        test.settings = TestLog.settings(300, Map.of("retention.bytes", "500"));
        PartitionLog log = test.open(true);
        for (int i = 0; i < 6; i++) {
            test.append(log, "x".repeat(160));
        }

        assertThat(log.deleteOldSegments(1)).isEqualTo(1);
        log.deleteOldSegments(6);

        assertThat(log.sizeInBytes()).isBetween(500L, 500L + 300);
        assertThat(log.end().offset()).isEqualTo(6);
    }

    @Test
    void compactedTopicsLoseNothingByRetention() throws IOException {
        test.settings =
                TestLog.settings(300, Map.of("cleanup.policy", "compact", "retention.ms", "1"));
        PartitionLog log = test.open(true);
        test.append(log, "x".repeat(160));
        test.append(log, "x".repeat(160));
        test.clock.advance(100_000);

        assertThat(log.deleteOldSegments(2)).isZero();
    }

    @Test
    void anExpiredLogEndsUpEmptyAtItsOldEnd() throws IOException {
        test.settings = TestLog.settings(1 << 20, Map.of("retention.ms", "10"));
        PartitionLog log = test.open(true);
        test.append(log, "a", "b", "c");
        test.clock.advance(11);

        assertThat(log.deleteOldSegments(3)).isEqualTo(1);

        assertThat(log.logStartOffset()).isEqualTo(3);
        assertThat(log.end().offset()).isEqualTo(3);
        assertThat(test.append(log, "d").baseOffset()).isEqualTo(3);
    }

    @Test
    void recordsAreFoundByTimestampAlsoInsideCompressedBatches() throws IOException {
        test.settings = TestLog.settings(1 << 20, Map.of("index.interval.bytes", "1"));
        PartitionLog log = test.open(true);
        long now = test.clock.wallMillis();
        TestLog.append(log, Batches.of(Batches.records(now, "a", "b")));
        TestLog.append(
                log,
                Batches.of(
                        Compression.lz4().build(),
                        Batches.record(now + 10, "c"),
                        Batches.record(now + 30, "d"),
                        Batches.record(now + 20, "e")));
        TestLog.append(log, Batches.of(Batches.record(now + 25, "f")));

        assertThat(log.findByTimestamp(now, 6)).hasValue(new OffsetAndTimestamp(0, now, 3));
        assertThat(log.findByTimestamp(now + 11, 6))
                .hasValue(new OffsetAndTimestamp(3, now + 30, 3));
        assertThat(log.findByTimestamp(now + 31, 6)).isEmpty();
        assertThat(log.findByTimestamp(now + 11, 3)).isEmpty();
        assertThat(log.maxTimestamp(6)).hasValue(new OffsetAndTimestamp(3, now + 30, 3));
    }

    @Test
    void truncationCutsAtTheBatchAndTheLogGoesOn() throws IOException {
        test.settings = TestLog.settings(400, Map.of());
        PartitionLog log = test.open(true);
        for (int i = 0; i < 6; i++) {
            test.append(log, "value-" + i + "x".repeat(100));
        }

        log.truncateTo(3);

        assertThat(log.end().offset()).isEqualTo(3);
        assertThat(test.append(log, "again").baseOffset()).isEqualTo(3);
        assertThat(TestLog.read(log, 3)).containsExactly("again");
        log.truncateFullyAndStartAt(100);
        assertThat(test.append(log, "far").baseOffset()).isEqualTo(100);
        assertThat(log.logStartOffset()).isEqualTo(100);
    }

    @Test
    void epochsAnswerWhereTheyEnd() throws IOException {
        PartitionLog log = test.open(true);
        log.beginEpoch(1);
        log.append(Batches.of(Batches.records(5, "a", "b")), AppendOrigin.CLIENT, 1);
        log.beginEpoch(4);
        log.append(Batches.of(Batches.records(5, "c")), AppendOrigin.CLIENT, 4);

        assertThat(log.endOffsetFor(1)).hasValue(new LeaderEpochEnd(1, 2));
        assertThat(log.endOffsetFor(3)).hasValue(new LeaderEpochEnd(1, 2));
        assertThat(log.endOffsetFor(4)).hasValue(new LeaderEpochEnd(4, 3));
        assertThat(log.endOffsetFor(5)).isEmpty();
    }

    private static Reason reason(PartitionLog log, ByteBuffer batches) {
        return ((Refused) log.append(batches, AppendOrigin.CLIENT, 3)).reason();
    }

    @Test
    void aGroupOfBatchesIsAppendedWhollyOrNotAtAll() throws IOException {
        PartitionLog log = test.open(true);
        long now = test.clock.wallMillis();
        ByteBuffer second = Batches.of(Batches.records(now, "b"));
        second.put(second.limit() - 2, (byte) 'x');

        ByteBuffer half = Batches.together(Batches.of(Batches.records(now, "a")), second);

        assertThat(reason(log, half)).isEqualTo(Reason.CORRUPT_BATCH);
        assertThat(log.end().offset()).isZero();
        ByteBuffer whole =
                Batches.together(
                        Batches.of(Batches.records(now, "a")),
                        Batches.of(Batches.records(now, "b", "c")));
        assertThat(TestLog.append(log, whole).lastOffset()).isEqualTo(2);
        assertThat(TestLog.read(log, 0)).isEqualTo(List.of("a", "b", "c"));
    }
}
