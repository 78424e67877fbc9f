package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;

import java.nio.ByteBuffer;

/** Decides from the headers and checksums alone whether batches may enter the log. */
final class BatchValidator {

    private static final int HIGHEST_COMPRESSION = 4;

    private BatchValidator() {}

    /** The first thing that is wrong with the batches, or null. */
    static Refused validate(
            ByteBuffer batches, AppendOrigin origin, LogSettings settings, long nowMillis) {
        int at = batches.position();
        int end = batches.limit();
        if (at == end) {
            return new Refused(Reason.INVALID_RECORD, "there is no batch to append");
        }
        while (at < end) {
            Refused refused = validateOne(batches, at, end, origin, settings, nowMillis);
            if (refused != null) {
                return refused;
            }
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return null;
    }

    private static Refused validateOne(
            ByteBuffer batches,
            int at,
            int end,
            AppendOrigin origin,
            LogSettings settings,
            long nowMillis) {
        int available = end - at;
        // The magic byte lies at the same place in all formats: the old ones get their own answer.
        if (available > 16 && RecordBatchHeader.magic(batches, at) != RecordBatchHeader.MAGIC) {
            return new Refused(
                    Reason.UNSUPPORTED_MAGIC,
                    "record format " + RecordBatchHeader.magic(batches, at) + " is not supported");
        }
        if (available < RecordBatchHeader.SIZE) {
            return corrupt("%d bytes are less than the header of a batch", available);
        }
        long size = RecordBatchHeader.sizeInBytes(batches, at);
        if (size < RecordBatchHeader.SIZE || size > available) {
            return corrupt("the batch claims %d bytes where %d are left", size, available);
        }
        if (origin != AppendOrigin.REPLICATION && size > settings.maxMessageBytes()) {
            return new Refused(
                    Reason.MESSAGE_TOO_LARGE,
                    "the batch has %d bytes, max.message.bytes allows %d"
                            .formatted(size, settings.maxMessageBytes()));
        }
        int expected = RecordBatchHeader.checksum(batches, at);
        int computed = RecordBatchHeader.computeChecksum(batches, at, (int) size);
        if (expected != computed) {
            return corrupt("the checksum is %08x, the batch says %08x", computed, expected);
        }
        if (RecordBatchHeader.lastOffsetDelta(batches, at) < 0) {
            return corrupt(
                    "the batch says a last offset delta of %d",
                    RecordBatchHeader.lastOffsetDelta(batches, at));
        }
        return origin == AppendOrigin.REPLICATION
                ? null
                : validateMeaning(batches, at, origin, settings, nowMillis);
    }

    private static Refused validateMeaning(
            ByteBuffer batches, int at, AppendOrigin origin, LogSettings settings, long nowMillis) {
        int count = RecordBatchHeader.recordCount(batches, at);
        if (count <= 0 || RecordBatchHeader.lastOffsetDelta(batches, at) != count - 1) {
            return invalid(
                    "the batch says it has %d records and a last offset delta of %d",
                    count, RecordBatchHeader.lastOffsetDelta(batches, at));
        }
        if (RecordBatchHeader.compression(batches, at) > HIGHEST_COMPRESSION) {
            return invalid("compression %d is unknown", RecordBatchHeader.compression(batches, at));
        }
        if (RecordBatchHeader.hasDeleteHorizon(batches, at)) {
            return invalid("only compaction sets a delete horizon");
        }
        boolean control = RecordBatchHeader.isControl(batches, at);
        if (control && origin == AppendOrigin.CLIENT) {
            return invalid("clients must not write control batches");
        }
        boolean idempotent =
                RecordBatchHeader.producerId(batches, at) != RecordBatchHeader.NO_PRODUCER;
        if (RecordBatchHeader.isTransactional(batches, at) && !idempotent) {
            return invalid("a transactional batch needs a producer id");
        }
        if (idempotent && !control) {
            if (RecordBatchHeader.producerEpoch(batches, at) < 0) {
                return invalid("a batch with a producer id needs a producer epoch");
            }
            if (origin == AppendOrigin.CLIENT && RecordBatchHeader.baseSequence(batches, at) < 0) {
                return invalid("a batch with a producer id needs a sequence number");
            }
        }
        return settings.logAppendTime()
                ? null
                : validateTimestamps(batches, at, settings, nowMillis);
    }

    private static Refused validateTimestamps(
            ByteBuffer batches, int at, LogSettings settings, long nowMillis) {
        if (RecordBatchHeader.isLogAppendTime(batches, at)) {
            return new Refused(
                    Reason.INVALID_TIMESTAMP,
                    "producers must not send timestamps of LogAppendTime");
        }
        long base = RecordBatchHeader.baseTimestamp(batches, at);
        long max = RecordBatchHeader.maxTimestamp(batches, at);
        if (base != RecordBatchHeader.NO_TIMESTAMP
                && nowMillis - base > settings.timestampBeforeMaxMillis()) {
            return new Refused(
                    Reason.INVALID_TIMESTAMP,
                    "timestamp %d is more than message.timestamp.before.max.ms=%d before %d"
                            .formatted(base, settings.timestampBeforeMaxMillis(), nowMillis));
        }
        if (max - nowMillis > settings.timestampAfterMaxMillis()) {
            return new Refused(
                    Reason.INVALID_TIMESTAMP,
                    "timestamp %d is more than message.timestamp.after.max.ms=%d after %d"
                            .formatted(max, settings.timestampAfterMaxMillis(), nowMillis));
        }
        return null;
    }

    private static Refused corrupt(String format, Object... arguments) {
        return new Refused(Reason.CORRUPT_BATCH, String.format(format, arguments));
    }

    private static Refused invalid(String format, Object... arguments) {
        return new Refused(Reason.INVALID_RECORD, String.format(format, arguments));
    }
}
