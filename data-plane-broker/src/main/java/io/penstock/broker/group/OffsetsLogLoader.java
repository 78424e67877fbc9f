package io.penstock.broker.group;

import io.penstock.broker.log.LogSlice;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.replication.ReadResult;
import io.penstock.broker.replication.ReadResult.Records;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Replays a partition of the offsets topic into the coordinator, from the log start to the log end.
 * Records above the high watermark are replayed too: they count once the watermark passes them.
 * Partitions load one after the other, on this loader's own thread.
 */
final class OffsetsLogLoader implements CoordinatorLoader<CoordinatorRecord> {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsLogLoader.class);

    /** Telling progress this often keeps the coordinator's snapshots of a long log small. */
    private static final long OFFSETS_BETWEEN_PROGRESS = 16_384;

    private static final int ANY_LEADER_EPOCH = -1;

    private final Partitions partitions;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final int readBytes;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("group-coordinator-loader").factory());
    private volatile boolean closed;

    /**
     * @param readBytes bytes of log to read at once
     */
    OffsetsLogLoader(Partitions partitions, int readBytes) {
        this.partitions = partitions;
        this.readBytes = readBytes;
    }

    @Override
    public CompletableFuture<LoadSummary> load(
            TopicPartition topicPartition, CoordinatorPlayback<CoordinatorRecord> playback) {
        long queuedAt = System.currentTimeMillis();
        return CompletableFuture.supplyAsync(
                () -> replay(topicPartition, playback, queuedAt), thread);
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }

    private LoadSummary replay(
            TopicPartition topicPartition,
            CoordinatorPlayback<CoordinatorRecord> playback,
            long queuedAt) {
        long startedAt = System.currentTimeMillis();
        Partition partition = requireLeader(topicPartition);
        Replay replay = new Replay(playback, partition);
        ByteBuffer buffer = ByteBuffer.allocate(readBytes);
        long offset = partition.logStartOffset();
        while (offset < partition.logEndOffset()) {
            if (closed) {
                throw new KafkaException("The group coordinator stops: " + topicPartition);
            }
            buffer = read(partition, offset, buffer);
            replay.bytes += buffer.remaining();
            long next = replay.batches(MemoryRecords.readableRecords(buffer), offset);
            if (next == offset) {
                throw new KafkaException(
                        topicPartition + " gave no whole batch at offset " + offset);
            }
            offset = next;
        }
        // Also where compaction left nothing to read: a first append that does not follow the
        // offset told here is taken for a foreign record, and reloads the partition.
        replay.finish(Math.max(offset, partition.logEndOffset()));
        requireLeader(topicPartition);
        long endedAt = System.currentTimeMillis();
        LOG.debug(
                "Loaded {}: {} records, {} bytes, {} ms",
                topicPartition,
                replay.records,
                replay.bytes,
                endedAt - startedAt);
        return new LoadSummary(
                startedAt, endedAt, startedAt - queuedAt, replay.records, replay.bytes);
    }

    private Partition requireLeader(TopicPartition topicPartition) {
        return partitions
                .find(topicPartition)
                .filter(Partition::isLeader)
                .orElseThrow(
                        () ->
                                new NotLeaderOrFollowerException(
                                        "This broker does not lead " + topicPartition));
    }

    /** Returns the bytes from the offset on, in the given buffer where they fit into it. */
    private ByteBuffer read(Partition partition, long offset, ByteBuffer buffer) {
        ReadResult result =
                partition.read(offset, ANY_LEADER_EPOCH, readBytes, true, Isolation.REPLICA);
        if (!(result instanceof Records records)) {
            throw result instanceof ReadResult.NotLeader
                    ? new NotLeaderOrFollowerException(
                            "This broker no longer leads " + partition.topicPartition())
                    : new KafkaException(
                            partition.topicPartition()
                                    + " could not be read at offset "
                                    + offset
                                    + ": "
                                    + result);
        }
        LogSlice slice = records.records();
        if (slice == null) {
            return buffer.clear().limit(0);
        }
        try {
            ByteBuffer target =
                    slice.size() <= buffer.capacity()
                            ? buffer.clear()
                            : ByteBuffer.allocate(slice.size());
            target.limit(slice.size());
            slice.readInto(target);
            return target.flip();
        } finally {
            slice.release();
        }
    }

    /** One load's progress. */
    private final class Replay {
        private final CoordinatorPlayback<CoordinatorRecord> playback;
        private final Partition partition;
        private long records;
        private long bytes;
        private long told;

        Replay(CoordinatorPlayback<CoordinatorRecord> playback, Partition partition) {
            this.playback = playback;
            this.partition = partition;
        }

        /** Replays whole batches, and returns the offset after the last one. */
        long batches(MemoryRecords chunk, long from) {
            long next = from;
            for (RecordBatch batch : chunk.batches()) {
                if (batch.nextOffset() <= from) {
                    continue;
                }
                if (batch.isControlBatch()) {
                    marker(batch);
                } else {
                    data(batch);
                }
                next = batch.nextOffset();
                if (next - told >= OFFSETS_BETWEEN_PROGRESS) {
                    tell(next);
                }
            }
            return next;
        }

        private void data(RecordBatch batch) {
            for (Record entry : batch) {
                records++;
                try {
                    playback.replay(
                            entry.offset(),
                            batch.producerId(),
                            batch.producerEpoch(),
                            serde.deserialize(entry.key(), entry.value()));
                } catch (Deserializer.UnknownRecordTypeException writtenByNewerVersion) {
                    LOG.warn(
                            "{}: skipped the record at offset {}: {}",
                            partition.topicPartition(),
                            entry.offset(),
                            writtenByNewerVersion.getMessage());
                }
            }
        }

        private void marker(RecordBatch batch) {
            for (Record entry : batch) {
                records++;
                switch (ControlRecordType.parse(entry.key())) {
                    case COMMIT -> end(batch, TransactionResult.COMMIT);
                    case ABORT -> end(batch, TransactionResult.ABORT);
                    default -> {}
                }
            }
        }

        private void end(RecordBatch batch, TransactionResult result) {
            playback.replayEndTransactionMarker(batch.producerId(), batch.producerEpoch(), result);
        }

        void finish(long end) {
            if (end > told) {
                tell(end);
            }
        }

        /** The written offset must grow with each call, and the committed one not pass it. */
        private void tell(long written) {
            playback.updateLastWrittenOffset(written);
            playback.updateLastCommittedOffset(Math.min(written, partition.highWatermark()));
            told = written;
        }
    }
}
