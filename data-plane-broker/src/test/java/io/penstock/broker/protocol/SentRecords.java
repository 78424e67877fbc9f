package io.penstock.broker.protocol;

import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;

import java.nio.ByteBuffer;

/** What the other side of a connection gets of a fetch response's records. */
public final class SentRecords {

    private SentRecords() {}

    /** Replaces what lies in files by its bytes, and releases it. */
    public static FetchResponseData sent(FetchResponseData response) {
        response.responses().forEach(topic -> topic.partitions().forEach(SentRecords::send));
        return response;
    }

    private static void send(PartitionData partition) {
        if (partition.records() instanceof FetchedRecords.SourcedRecords records) {
            RecordsSource source = records.source();
            ByteBuffer bytes = ByteBuffer.allocateDirect(source.size());
            source.readInto(bytes);
            source.release();
            partition.setRecords(MemoryRecords.readableRecords(bytes.flip()));
        }
    }

    /** The bytes of a response that was sent; none if it has no records. */
    public static ByteBuffer of(PartitionData partition) {
        return partition.records() instanceof MemoryRecords records
                ? records.buffer().duplicate()
                : ByteBuffer.allocate(0);
    }
}
