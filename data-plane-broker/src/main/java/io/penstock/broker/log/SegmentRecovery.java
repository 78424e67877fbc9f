package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads a segment from its beginning, verifies every batch, and makes its indexes anew. */
final class SegmentRecovery {

    private static final int CHUNK = 256 * 1024;

    private final LogSegment segment;
    private final LeaderEpochs epochs;
    private final int indexIntervalBytes;
    private final ByteBuffer header = ByteBuffer.allocate(RecordBatchHeader.SIZE);
    private final ByteBuffer chunk;
    private long nextOffset;

    SegmentRecovery(LogSegment segment, LeaderEpochs epochs, int indexIntervalBytes) {
        this.segment = segment;
        this.epochs = epochs;
        this.indexIntervalBytes = indexIntervalBytes;
        this.nextOffset = segment.baseOffset();
        this.chunk = ByteBuffer.allocate(Math.min(CHUNK, segment.size()));
    }

    /** The position after the last whole batch; the segment's size if nothing is damaged. */
    int run() throws IOException {
        segment.resetIndexes();
        int position = 0;
        while (isWhole(position)) {
            int size = (int) RecordBatchHeader.sizeInBytes(header, 0);
            long lastOffset = RecordBatchHeader.lastOffset(header, 0);
            segment.note(
                    position,
                    size,
                    lastOffset,
                    RecordBatchHeader.maxTimestamp(header, 0),
                    indexIntervalBytes);
            epochs.assign(
                    RecordBatchHeader.leaderEpoch(header, 0),
                    RecordBatchHeader.baseOffset(header, 0));
            nextOffset = lastOffset + 1;
            position += size;
        }
        return position;
    }

    /** The offset after the last whole batch. */
    long nextOffset() {
        return nextOffset;
    }

    private boolean isWhole(int position) throws IOException {
        int available = segment.size() - position;
        if (available < RecordBatchHeader.SIZE) {
            return false;
        }
        segment.readFully(header.clear(), position);
        long size = RecordBatchHeader.sizeInBytes(header, 0);
        return size >= RecordBatchHeader.SIZE
                && size <= available
                && RecordBatchHeader.magic(header, 0) == RecordBatchHeader.MAGIC
                && RecordBatchHeader.baseOffset(header, 0) >= nextOffset
                && RecordBatchHeader.lastOffsetDelta(header, 0) >= 0
                && checksum(position, (int) size) == RecordBatchHeader.checksum(header, 0);
    }

    private int checksum(int position, int size) throws IOException {
        CRC32C checksum = new CRC32C();
        int at = position + RecordBatchHeader.checksummedFrom();
        int end = position + size;
        while (at < end) {
            chunk.clear().limit(Math.min(CHUNK, end - at));
            segment.readFully(chunk, at);
            at += chunk.flip().remaining();
            checksum.update(chunk);
        }
        return (int) checksum.getValue();
    }
}
