package io.penstock.broker.handler;

import io.penstock.broker.log.LogSlice;
import io.penstock.broker.protocol.RecordsSource;

import java.nio.channels.FileChannel;

/** A slice of the log as the network sends it; the two do not know each other. */
record SliceSource(LogSlice slice) implements RecordsSource {

    @Override
    public FileChannel channel() {
        return slice.channel();
    }

    @Override
    public long position() {
        return slice.position();
    }

    @Override
    public int size() {
        return slice.size();
    }

    @Override
    public void release() {
        slice.release();
    }
}
