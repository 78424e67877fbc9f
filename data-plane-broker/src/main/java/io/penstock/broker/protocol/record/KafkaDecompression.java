package io.penstock.broker.protocol.record;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The codecs of Kafka's client library. */
public final class KafkaDecompression implements Decompression {

    @Override
    public InputStream open(int codec, ByteBuffer records) {
        return Compression.of(CompressionType.forId(codec))
                .build()
                .wrapForInput(records, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING);
    }
}
