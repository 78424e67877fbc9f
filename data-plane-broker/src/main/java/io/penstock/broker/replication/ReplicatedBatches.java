package io.penstock.broker.replication;

import io.penstock.broker.log.RecordBatchHeader;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** What a follower looks at before it takes a leader's batches over; the log checks the rest. */
final class ReplicatedBatches {

    private ReplicatedBatches() {}

    /** The whole batches at the buffer's front: a leader cuts off the last one where it likes. */
    static ByteBuffer whole(ByteBuffer records) {
        int at = records.position();
        while (records.limit() - at >= RecordBatchHeader.SIZE) {
            long size = RecordBatchHeader.sizeInBytes(records, at);
            if (size < RecordBatchHeader.SIZE || size > records.limit() - at) {
                break;
            }
            at += (int) size;
        }
        return records.slice(records.position(), at - records.position());
    }

    /** What does not fit to a log of this end and latest epoch under a leader of this epoch. */
    static Optional<String> complaint(
            ByteBuffer batches, long logEnd, OptionalInt latestEpoch, int leaderEpoch) {
        long next = logEnd;
        int epoch = latestEpoch.orElse(-1);
        for (int at = batches.position(); at < batches.limit(); ) {
            long base = RecordBatchHeader.baseOffset(batches, at);
            long last = RecordBatchHeader.lastOffset(batches, at);
            int batchEpoch = RecordBatchHeader.leaderEpoch(batches, at);
            if (base < next || last < base) {
                return Optional.of(
                        "offsets %d to %d where %d is the next".formatted(base, last, next));
            }
            if (batchEpoch < epoch || batchEpoch > leaderEpoch) {
                return Optional.of(
                        "epoch %d at offset %d, after epoch %d and from a leader of epoch %d"
                                .formatted(batchEpoch, base, epoch, leaderEpoch));
            }
            next = last + 1;
            epoch = batchEpoch;
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return Optional.empty();
    }

    static long firstOffset(ByteBuffer batches) {
        return RecordBatchHeader.baseOffset(batches, batches.position());
    }

    static long lastOffsetOfFirst(ByteBuffer batches) {
        return RecordBatchHeader.lastOffset(batches, batches.position());
    }
}
