package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.protocol.record.KafkaDecompression;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log in a temporary folder, and how a test opens it anew. */
final class TestLog {

    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    static final Uuid TOPIC_ID = new Uuid(7, 9);

    final Path directory;
    final ManualClock clock = new ManualClock();
    final List<Runnable> background = new ArrayList<>();
    Runnable whenForced = () -> {};
    LogSettings settings;
    long recoveryPoint;
    long logStartOffset;
    long cleanedOffset = -1;

    TestLog(Path directory, LogSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    static LogSettings settings(int segmentBytes, Map<String, String> configs) {
        LogSettings base = LogSettings.of(configs, Map.of());
        return new LogSettings(
                segmentBytes,
                base.segmentMillis(),
                base.segmentJitterMillis(),
                base.maxIndexSize(),
                base.indexIntervalBytes(),
                base.flushMessages(),
                base.flushMillis(),
                base.retentionBytes(),
                base.retentionMillis(),
                base.deleteByRetention(),
                base.compact(),
                base.compaction(),
                base.fileDeleteDelayMillis(),
                base.maxMessageBytes(),
                base.logAppendTime(),
                base.timestampBeforeMaxMillis(),
                base.timestampAfterMaxMillis(),
                base.minInSyncReplicas());
    }

    private BackgroundWork disk() {
        return new BackgroundWork() {
            @Override
            public void later(long delayMillis, Runnable task) {
                background.add(task);
            }

            @Override
            public void forced() {
                whenForced.run();
            }
        };
    }

    PartitionLog open(boolean cleanlyClosed) throws IOException {
        if (Files.exists(directory)) {
            PartitionMetadataFile.write(directory, TOPIC_ID);
        }
        return PartitionLog.open(
                new LogParameters(
                        directory,
                        PARTITION,
                        TOPIC_ID,
                        settings,
                        cleanlyClosed,
                        recoveryPoint,
                        logStartOffset,
                        cleanedOffset,
                        86_400_000L,
                        clock,
                        disk(),
                        (partition, folder, failure) -> {},
                        new RecoveryProgress(),
                        new KafkaDecompression()));
    }

    void runBackground() {
        List<Runnable> tasks = List.copyOf(background);
        background.clear();
        tasks.forEach(Runnable::run);
    }

    static Appended append(PartitionLog log, ByteBuffer batches) {
        return (Appended) log.append(batches, AppendOrigin.CLIENT, 3);
    }

    Appended append(PartitionLog log, String... values) {
        return append(log, Batches.of(Batches.records(clock.wallMillis(), values)));
    }

    /** Values of all records from the offset to the end, read as a consumer would. */
    static List<String> read(PartitionLog log, long offset) throws IOException {
        List<String> values = new ArrayList<>();
        for (Record record : records(log, offset, 1 << 20)) {
            values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
        }
        return values;
    }

    static List<Record> records(PartitionLog log, long fromOffset, int maxBytes)
            throws IOException {
        List<Record> found = new ArrayList<>();
        long next = fromOffset;
        Optional<LogSlice> slice = log.read(next, maxBytes, true, log.end());
        while (slice.isPresent()) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.get().size());
            slice.get().readInto(bytes);
            slice.get().release();
            long before = next;
            for (var batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
                batch.ensureValid();
                for (Record record : batch) {
                    if (record.offset() >= next) {
                        found.add(record);
                    }
                }
                next = batch.nextOffset();
            }
            if (next == before) {
                throw new AssertionError("no progress at offset " + next);
            }
            slice = log.read(next, maxBytes, true, log.end());
        }
        return found;
    }
}
