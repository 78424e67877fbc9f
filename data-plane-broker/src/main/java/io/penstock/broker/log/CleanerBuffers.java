package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a segment in pieces of whole batches. The buffers grow to the largest batch met and go back
 * to their size after it.
 */
final class CleanerBuffers {

    private final int size;
    private final IoThrottle throttle;
    private ByteBuffer input;
    private ByteBuffer output;

    CleanerBuffers(int size, IoThrottle throttle) {
        this.size = Math.max(size, RecordBatchHeader.SIZE);
        this.throttle = throttle;
        this.input = ByteBuffer.allocate(this.size);
        this.output = ByteBuffer.allocate(this.size);
    }

    /**
     * Bytes from the position on, beginning with a whole batch; the last one may be cut off.
     *
     * @throws IOException if what lies there is no batch
     */
    ByteBuffer read(LogSegment segment, int position) throws IOException {
        int left = segment.size() - position;
        if (input.capacity() > size) {
            input = ByteBuffer.allocate(size);
            output = ByteBuffer.allocate(size);
        }
        fill(segment, position, left);
        long first = left < RecordBatchHeader.SIZE ? 0 : RecordBatchHeader.sizeInBytes(input, 0);
        if (first < RecordBatchHeader.SIZE || first > left) {
            throw new IOException("%s: no batch at %d".formatted(segment.path(), position));
        }
        if (first > input.capacity()) {
            input = ByteBuffer.allocate((int) first);
            output = ByteBuffer.allocate((int) first);
            fill(segment, position, left);
        }
        throttle.moved(input.remaining());
        return input;
    }

    private void fill(LogSegment segment, int position, int left) throws IOException {
        input.clear().limit(Math.min(input.capacity(), left));
        segment.readFully(input, position);
        input.flip();
    }

    /** An empty buffer to put batches into, at least as large as what was read. */
    ByteBuffer output() {
        return output.clear();
    }
}
