package io.penstock.broker.protocol;

import io.netty.buffer.ByteBuf;

import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a message into one pooled buffer and cuts it where records come from a file, so that the
 * parts, sent one after the other, are the message. A few records are copied instead: one segment
 * on the wire that wakes the receiver once costs both sides less than three.
 */
final class ByteBufWritable implements Writable {

    private final ByteBuf buffer;
    private final SmallRecords small = new SmallRecords();
    private final List<RecordsSource> copied = new ArrayList<>(1);
    private final List<Object> parts = new ArrayList<>(3);
    private int cut;

    ByteBufWritable(ByteBuf buffer) {
        this.buffer = buffer;
    }

    @Override
    public void writeByte(byte value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        buffer.writeBytes(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        buffer.writeBytes(value.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            buffer.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof FetchedRecords.SourcedRecords sourced) {
            if (small.take(sourced.sizeInBytes())) {
                copy(sourced.source());
            } else {
                cutHere();
                parts.add(sourced.source());
            }
        } else {
            Writable.super.writeRecords(records);
        }
    }

    private void copy(RecordsSource source) {
        int start = buffer.writerIndex();
        buffer.ensureWritable(source.size());
        source.readInto(buffer.nioBuffer(start, source.size()));
        buffer.writerIndex(start + source.size());
        copied.add(source);
    }

    private void cutHere() {
        int end = buffer.writerIndex();
        if (end > cut) {
            parts.add(buffer.retainedSlice(cut, end - cut));
            cut = end;
        }
    }

    /** The parts in order: {@link ByteBuf}s and {@link RecordsSource}s, which the caller owns. */
    List<Object> finish() {
        cutHere();
        buffer.release();
        copied.forEach(RecordsSource::release);
        return parts;
    }

    /** Frees the buffer when the message could not be written. Sources stay their owner's. */
    void abandon() {
        for (Object part : parts) {
            if (part instanceof ByteBuf slice) {
                slice.release();
            }
        }
        buffer.release();
    }
}
