package io.penstock.broker.protocol;

import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Puts records into messages and takes them out, without anybody above seeing their classes. */
public final class FetchedRecords {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private FetchedRecords() {}

    /** The batches of a produce request, a view of its frame; empty when there are none. */
    public static Optional<ByteBuffer> produced(PartitionProduceData partition) {
        return partition.records() instanceof MemoryRecords records
                ? Optional.of(records.buffer())
                : Optional.empty();
    }

    /** Gives the source to the response, which from then on releases it. */
    public static void attach(PartitionData partition, RecordsSource source) {
        partition.setRecords(new SourcedRecords(source));
    }

    /** The batches of a response that came from another broker, a view of its frame. */
    public static ByteBuffer received(PartitionData partition) {
        return partition.records() instanceof MemoryRecords records ? records.buffer() : NOTHING;
    }

    /**
     * Makes a response as the other side sees it: its record sources are read and released. For a
     * network that hands messages over as they are.
     */
    public static void readAll(FetchResponseData response) {
        for (var topic : response.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof SourcedRecords records) {
                    ByteBuffer bytes = ByteBuffer.allocate(records.sizeInBytes());
                    records.source().readInto(bytes);
                    records.source().release();
                    partition.setRecords(MemoryRecords.readableRecords(bytes.flip()));
                }
            }
        }
    }

    /** Marks that there are no records; null would confuse older clients. */
    public static void attachNone(PartitionData partition) {
        partition.setRecords(MemoryRecords.EMPTY);
    }

    public static int sizeOf(PartitionData partition) {
        return partition.records() == null ? 0 : partition.records().sizeInBytes();
    }

    /** Releases what a response that is not going to be sent holds. */
    public static void releaseAll(FetchResponseData response) {
        for (var topic : response.responses()) {
            for (PartitionData partition : topic.partitions()) {
                release(partition);
            }
        }
    }

    /** Releases what was attached, if anything. Only for what no response took over. */
    public static void release(PartitionData partition) {
        if (partition.records() instanceof SourcedRecords records) {
            records.source().release();
        }
    }

    /** Stands in a message for bytes that stay in their file. */
    record SourcedRecords(RecordsSource source) implements BaseRecords {

        @Override
        public int sizeInBytes() {
            return source.size();
        }

        @Override
        public RecordsSend<? extends BaseRecords> toSend() {
            throw new UnsupportedOperationException("sent by the response encoder");
        }
    }
}
