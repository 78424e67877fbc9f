package io.penstock.broker.replication;

import io.penstock.broker.log.LogSlice;
import io.penstock.broker.protocol.RecordsSource;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A slice of the log as the network sends it; the two do not know each other. */
public record SliceSource(LogSlice slice) implements RecordsSource {

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
    public void readInto(ByteBuffer target) {
        slice.readInto(target);
    }

    @Override
    public void release() {
        slice.release();
    }
}
