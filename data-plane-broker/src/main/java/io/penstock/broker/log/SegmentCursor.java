package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Hops from header to header of a segment, reading a few at a time. One per thread: {@link #over}
 * takes the thread's own, which is valid until the next call of it.
 */
final class SegmentCursor {

    private static final int WINDOW = 4096;
    private static final ThreadLocal<SegmentCursor> PER_THREAD =
            ThreadLocal.withInitial(SegmentCursor::new);

    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW);
    private LogSegment segment;
    private int limit;
    private int windowStart;
    private int position;

    private SegmentCursor() {}

    /** A cursor at the position, which must be a batch's, seeing nothing past the limit. */
    static SegmentCursor over(LogSegment segment, int position, int limit) {
        SegmentCursor cursor = PER_THREAD.get();
        cursor.segment = segment;
        cursor.limit = limit;
        cursor.position = position;
        cursor.windowStart = 0;
        cursor.window.clear().limit(0);
        return cursor;
    }

    /** Whether a whole header lies at the position; it can be read from then on. */
    boolean hasBatch() throws IOException {
        if (limit - position < RecordBatchHeader.SIZE) {
            return false;
        }
        if (position < windowStart
                || position + RecordBatchHeader.SIZE > windowStart + window.limit()) {
            window.clear().limit(Math.min(WINDOW, limit - position));
            segment.readFully(window, position);
            window.flip();
            windowStart = position;
        }
        return sizeInBytes() >= RecordBatchHeader.SIZE;
    }

    void next() {
        position += sizeInBytes();
    }

    /** Moves to the first batch that ends at or after the offset; whether there is one. */
    boolean seek(long offset) throws IOException {
        while (hasBatch()) {
            if (lastOffset() >= offset) {
                return true;
            }
            next();
        }
        return false;
    }

    int position() {
        return position;
    }

    int sizeInBytes() {
        return (int)
                Math.min(
                        RecordBatchHeader.sizeInBytes(window, at()),
                        (long) Integer.MAX_VALUE - position);
    }

    long baseOffset() {
        return RecordBatchHeader.baseOffset(window, at());
    }

    long lastOffset() {
        return RecordBatchHeader.lastOffset(window, at());
    }

    long maxTimestamp() {
        return RecordBatchHeader.maxTimestamp(window, at());
    }

    int leaderEpoch() {
        return RecordBatchHeader.leaderEpoch(window, at());
    }

    boolean isControl() {
        return RecordBatchHeader.isControl(window, at());
    }

    /** The buffer that holds the present header, at {@link #at}. */
    ByteBuffer buffer() {
        return window;
    }

    int at() {
        return position - windowStart;
    }

    /** The whole batch, in a buffer of its own. */
    ByteBuffer readBatch() throws IOException {
        int size = sizeInBytes();
        if (size > limit - position) {
            throw new IOException(
                    "%s: the batch at %d is cut off".formatted(segment.path(), position));
        }
        ByteBuffer batch = ByteBuffer.allocate(size);
        segment.readFully(batch, position);
        return batch.flip();
    }
}
