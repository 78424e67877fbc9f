package io.penstock.broker.log;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a log in memory. */
record MemorySlice(ByteBuffer bytes) implements LogSlice {

    @Override
    public FileChannel channel() {
        throw new UnsupportedOperationException("a log in memory has no file");
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public int size() {
        return bytes.remaining();
    }

    @Override
    public void readInto(ByteBuffer target) {
        target.put(bytes.duplicate());
    }

    @Override
    public void release() {}
}
