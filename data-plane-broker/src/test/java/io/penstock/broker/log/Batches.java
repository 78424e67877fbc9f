package io.penstock.broker.log;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Batches as Kafka's own client library makes them. */
public final class Batches {

    private Batches() {}

    public static SimpleRecord[] records(long timestamp, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = record(timestamp, values[i]);
        }
        return records;
    }

    public static SimpleRecord record(long timestamp, String value) {
        return new SimpleRecord(
                timestamp,
                "key".getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }

    public static ByteBuffer of(SimpleRecord... records) {
        return direct(MemoryRecords.withRecords(Compression.NONE, records));
    }

    public static ByteBuffer of(Compression compression, SimpleRecord... records) {
        return direct(MemoryRecords.withRecords(compression, records));
    }

    public static ByteBuffer idempotent(
            long producerId, int epoch, int sequence, SimpleRecord... records) {
        return direct(
                MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) epoch, sequence, records));
    }

    public static ByteBuffer transactional(
            long producerId, int epoch, int sequence, SimpleRecord... records) {
        return direct(
                MemoryRecords.withTransactionalRecords(
                        Compression.NONE, producerId, (short) epoch, sequence, records));
    }

    public static ByteBuffer marker(
            long producerId, int epoch, boolean commits, int coordinatorEpoch, long timestamp) {
        var type = commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return direct(
                MemoryRecords.withEndTransactionMarker(
                        timestamp,
                        producerId,
                        (short) epoch,
                        new EndTransactionMarker(type, coordinatorEpoch)));
    }

    public static ByteBuffer together(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocateDirect(size);
        for (ByteBuffer batch : batches) {
            all.put(batch);
        }
        return all.flip();
    }

    private static ByteBuffer direct(MemoryRecords records) {
        ByteBuffer heap = records.buffer();
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
    }
}
