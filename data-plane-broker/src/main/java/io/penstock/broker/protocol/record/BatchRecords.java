package io.penstock.broker.protocol.record;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

import java.nio.ByteBuffer;
import java.util.function.BiPredicate;

/** Looks at the records of a batch one by one, decompressed as far as needed. */
public final class BatchRecords {

    private BatchRecords() {}

    /**
     * Calls the visitor with offset and timestamp of each record in order, until it answers false.
     *
     * @param batch one whole batch
     * @throws org.apache.kafka.common.KafkaException when the batch is damaged
     */
    public static void visit(ByteBuffer batch, BiPredicate<Long, Long> visitor) {
        for (MutableRecordBatch each : MemoryRecords.readableRecords(batch.duplicate()).batches()) {
            try (CloseableIterator<Record> records =
                    each.skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    if (!visitor.test(record.offset(), record.timestamp())) {
                        return;
                    }
                }
            }
        }
    }
}
