package io.penstock.broker.protocol.record;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What has to be looked up inside produced batches before they may be appended. */
public final class ProducedBatches {

    /** Of the batch header: where its attributes are, and which of their bits name the codec. */
    private static final int HEADER_BYTES = 61;

    private static final int LENGTH_POSITION = 8;
    private static final int LOG_OVERHEAD = 12;
    private static final int ATTRIBUTES_POSITION = 21;
    private static final int CODEC_MASK = 0x07;

    private ProducedBatches() {}

    /** Whether the buffer is exactly one batch by its length field, as Produce demands. */
    public static boolean isOneBatch(ByteBuffer batches) {
        return batches.remaining() >= HEADER_BYTES
                && batches.getInt(batches.position() + LENGTH_POSITION)
                        == batches.remaining() - LOG_OVERHEAD;
    }

    /** Only for a buffer that {@link #isOneBatch}. */
    public static boolean isZstd(ByteBuffer batch) {
        int attributes = batch.getShort(batch.position() + ATTRIBUTES_POSITION);
        return (attributes & CODEC_MASK) == CompressionType.ZSTD.id;
    }

    /**
     * Looks for what a compacted topic cannot take: a record without a key.
     *
     * @return what is wrong, or empty
     */
    public static Optional<String> complaintOfCompactedTopic(ByteBuffer batches) {
        try {
            int index = 0;
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(batches.duplicate()).batches()) {
                batch.ensureValid();
                try (CloseableIterator<Record> records =
                        batch.skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
                    while (records.hasNext()) {
                        if (!records.next().hasKey()) {
                            return Optional.of(
                                    "Compacted topic cannot accept message without key; record "
                                            + index
                                            + " of the batch has none");
                        }
                        index++;
                    }
                }
            }
            return Optional.empty();
        } catch (KafkaException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.of("The batch cannot be read: " + e.getMessage());
        }
    }
}
