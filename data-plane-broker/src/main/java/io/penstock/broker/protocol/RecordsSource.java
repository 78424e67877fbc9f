package io.penstock.broker.protocol;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Record batches in a file, to be sent as part of a fetch response. */
public interface RecordsSource {

    FileChannel channel();

    /** Position of the first byte in the file. */
    long position();

    /** Number of bytes. */
    int size();

    /** Reads all bytes into the buffer's remaining space, which must be at least as large. */
    void readInto(ByteBuffer target);

    /** Called once, when the bytes were sent or never will be. */
    void release();
}
