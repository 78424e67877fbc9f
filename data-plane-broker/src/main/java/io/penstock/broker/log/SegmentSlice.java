package io.penstock.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run of bytes of a segment that this slice holds open. */
final class SegmentSlice implements LogSlice {

    private final LogSegment segment;
    private final int position;
    private final int size;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over a reference that the caller retained. */
    SegmentSlice(LogSegment segment, int position, int size) {
        this.segment = segment;
        this.position = position;
        this.size = size;
    }

    @Override
    public FileChannel channel() {
        return segment.channel();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void readInto(ByteBuffer target) {
        int limit = target.limit();
        target.limit(target.position() + size);
        try {
            segment.readFully(target, position);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void release() {
        if (!released.compareAndSet(false, true)) {
            throw new IllegalStateException("the slice was released before");
        }
        try {
            segment.release();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
