package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

class LogRecoveryTest {

    @TempDir Path directory;
    private TestLog test;

    @BeforeEach
    void smallSegments() {
        test =
                new TestLog(
                        directory, TestLog.settings(1000, Map.of("index.interval.bytes", "100")));
    }

    @Test
    void aCleanlyClosedLogOpensAsItWas() throws IOException {
        PartitionLog log = filled(20);
        long size = log.sizeInBytes();
        log.close();

        PartitionLog again = test.open(true);

        assertThat(again.end().offset()).isEqualTo(20);
        assertThat(again.sizeInBytes()).isEqualTo(size);
        assertThat(TestLog.read(again, 0)).hasSize(20);
        assertThat(test.append(again, "next").baseOffset()).isEqualTo(20);
    }

    @Test
    void everythingWrittenIsThereAfterAKill() throws IOException {
        filled(20);

        PartitionLog again = test.open(false);

        assertThat(again.end().offset()).isEqualTo(20);
        assertThat(TestLog.read(again, 0)).hasSize(20);
        assertThat(again.latestEpoch()).hasValue(3);
    }

    @Test
    void aTornTailIsCutOff() throws IOException {
        filled(20);
        Path last = lastSegment();
        byte[] whole = new byte[80];
        Batches.of(Batches.records(1, "torn".repeat(10))).get(whole);
        Files.write(last, whole, StandardOpenOption.APPEND);

        PartitionLog again = test.open(false);

        assertThat(again.end().offset()).isEqualTo(20);
        assertThat(test.append(again, "next").baseOffset()).isEqualTo(20);
        assertThat(TestLog.read(again, 19)).hasSize(2);
    }

    @Test
    void damageAboveTheRecoveryPointEndsTheLogThere() throws IOException {
        filled(20);
        List<Long> bases = LogFiles.offsetsOf(directory, LogFiles.LOG);
        assertThat(bases).hasSizeGreaterThan(2);
        damage(LogFiles.segment(directory, bases.get(1)), RecordBatchHeader.SIZE + 5);

        PartitionLog again = test.open(false);

        assertThat(again.end().offset()).isEqualTo(bases.get(1));
        assertThat(again.segmentCount()).isEqualTo(2);
        assertThat(TestLog.read(again, 0)).hasSize(bases.get(1).intValue());
        assertThat(test.append(again, "next").baseOffset()).isEqualTo(bases.get(1));
    }

    @Test
    void segmentsBelowTheRecoveryPointAreNotReadAgain() throws IOException {
        filled(20);
        List<Long> bases = LogFiles.offsetsOf(directory, LogFiles.LOG);
        damage(LogFiles.segment(directory, 0), RecordBatchHeader.SIZE + 5);
        test.recoveryPoint = bases.get(1);

        PartitionLog again = test.open(false);

        assertThat(again.end().offset()).isEqualTo(20);
        assertThat(again.segmentCount()).isEqualTo(bases.size());
    }

    @Test
    void lostIndexesAreMadeAnew() throws IOException {
        PartitionLog log = filled(20);
        byte[] offsetIndex = Files.readAllBytes(LogFiles.offsetIndex(directory, 0));
        byte[] timeIndex = Files.readAllBytes(LogFiles.timeIndex(directory, 0));
        log.close();
        Files.delete(LogFiles.offsetIndex(directory, 0));
        Files.write(LogFiles.timeIndex(directory, 0), new byte[5]);

        PartitionLog again = test.open(true);

        assertThat(Files.readAllBytes(LogFiles.offsetIndex(directory, 0)))
                .isEqualTo(offsetIndex)
                .isNotEmpty();
        assertThat(Files.readAllBytes(LogFiles.timeIndex(directory, 0))).isEqualTo(timeIndex);
        assertThat(TestLog.read(again, 0)).hasSize(20);
    }

    @Test
    void aLostEpochFileIsMadeFromTheBatches() throws IOException {
        filled(5).close();
        Files.delete(directory.resolve(LogFiles.LEADER_EPOCHS));

        PartitionLog again = test.open(true);

        assertThat(again.endOffsetFor(3)).hasValue(new LeaderEpochEnd(3, 5));
    }

    @Test
    void aStartOffsetPastTheEndBeginsAnEmptyLogThere() throws IOException {
        filled(5).close();
        test.logStartOffset = 50;

        PartitionLog again = test.open(true);

        assertThat(again.end().offset()).isEqualTo(50);
        assertThat(test.append(again, "next").baseOffset()).isEqualTo(50);
    }

    private PartitionLog filled(int records) throws IOException {
        PartitionLog log = test.open(true);
        for (int i = 0; i < records; i++) {
            test.clock.advance(1);
            test.append(log, "value-" + i + "x".repeat(100));
        }
        return log;
    }

    private Path lastSegment() throws IOException {
        return LogFiles.segment(directory, LogFiles.offsetsOf(directory, LogFiles.LOG).getLast());
    }

    private static void damage(Path file, int position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int present = bytes.read();
            bytes.seek(position);
            bytes.write(present ^ 0x55);
        }
    }
}
