package io.penstock.broker.protocol.record;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Opens the records of a batch, whatever they are compressed with. */
public final class CompressedRecords {

    private CompressedRecords() {}

    /**
     * @param codec Kafka's number of the codec, 0 for none
     * @param records the bytes after a batch's header; consumed
     * @throws RuntimeException if the codec is unknown or the bytes are not of it
     */
    public static InputStream open(int codec, ByteBuffer records) {
        return Compression.of(CompressionType.forId(codec))
                .build()
                .wrapForInput(records, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING);
    }
}
