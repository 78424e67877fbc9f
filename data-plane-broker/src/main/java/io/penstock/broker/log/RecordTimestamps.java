package io.penstock.broker.log;

import io.penstock.broker.protocol.record.Decompression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Looks for a timestamp among the records of one batch. */
final class RecordTimestamps {

    private final Decompression decompression;

    RecordTimestamps(Decompression decompression) {
        this.decompression = decompression;
    }

    /** The first record from the offset on whose timestamp is at least the given one. */
    Optional<OffsetAndTimestamp> firstAtOrAfter(ByteBuffer batch, long timestamp, long fromOffset)
            throws IOException {
        long baseOffset = RecordBatchHeader.baseOffset(batch, 0);
        int epoch = RecordBatchHeader.leaderEpoch(batch, 0);
        long maxTimestamp = RecordBatchHeader.maxTimestamp(batch, 0);
        boolean logAppendTime = RecordBatchHeader.isLogAppendTime(batch, 0);
        long baseTimestamp = RecordBatchHeader.baseTimestamp(batch, 0);
        int count = RecordBatchHeader.recordCount(batch, 0);
        int codec = RecordBatchHeader.compression(batch, 0);
        ByteBuffer records = batch.duplicate().position(RecordBatchHeader.SIZE);
        try (InputStream stream = decompression.open(codec, records)) {
            CountingReader reader = new CountingReader(stream);
            for (int i = 0; i < count; i++) {
                int length = Math.toIntExact(reader.varint());
                long from = reader.count;
                reader.read(); // attributes
                long delta = reader.varint();
                long recordTimestamp = logAppendTime ? maxTimestamp : baseTimestamp + delta;
                long offset = baseOffset + reader.varint();
                if (recordTimestamp >= timestamp && offset >= fromOffset) {
                    return Optional.of(new OffsetAndTimestamp(offset, recordTimestamp, epoch));
                }
                stream.skipNBytes(length - (reader.count - from));
            }
        }
        return Optional.empty();
    }

    private static final class CountingReader {
        private final InputStream stream;
        private long count;

        CountingReader(InputStream stream) {
            this.stream = stream;
        }

        int read() throws IOException {
            int next = stream.read();
            if (next < 0) {
                throw new EOFException("the records end in the middle of one");
            }
            count++;
            return next;
        }

        long varint() throws IOException {
            long raw = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                int next = read();
                raw |= (long) (next & 0x7f) << shift;
                if ((next & 0x80) == 0) {
                    return (raw >>> 1) ^ -(raw & 1);
                }
            }
            throw new IOException("a number of more than ten bytes");
        }
    }
}
