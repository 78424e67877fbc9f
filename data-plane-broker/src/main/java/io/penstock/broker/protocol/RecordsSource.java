package io.penstock.broker.protocol;

import java.nio.channels.FileChannel;

/** Record batches in a file, to be sent as part of a fetch response. */
public interface RecordsSource {

    FileChannel channel();

    /** Position of the first byte in the file. */
    long position();

    /** Number of bytes. */
    int size();

    /** Called once, when the bytes were sent or never will be. */
    void release();
}
