package io.penstock.broker.protocol.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Opens compressed records. */
public interface Decompression {

    /**
     * @param codec Kafka's number of the codec, 0 for none
     * @param records the bytes after a batch's header; consumed
     * @throws RuntimeException if the codec is unknown or the bytes are not of it
     */
    InputStream open(int codec, ByteBuffer records);
}
