package io.penstock.broker.log;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A run of whole bytes of a segment file, which starts with a batch; the last batch may be cut off.
 * The channel stays open until {@link #release()}, so that a retention or a deletion meanwhile does
 * not hurt a response that is being sent.
 */
public interface LogSlice {

    FileChannel channel();

    /** Position of the first byte in the file. */
    long position();

    /** Number of bytes. */
    int size();

    /** Reads the whole slice into the buffer's remaining space, which must be at least its size. */
    void readInto(ByteBuffer target);

    /** Must be called once, when the bytes were sent or are no longer wanted. */
    void release();
}
