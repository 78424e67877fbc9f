package io.penstock.broker.protocol.record;

import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * Looks at the keys in stored batches, and builds batches anew without some of their records;
 * compressed ones are opened and compressed again with their codec. Not for several threads.
 */
public final class BatchRebuilding {

    private static final int LARGEST_RECORD = Integer.MAX_VALUE;

    private final BufferSupplier buffers = BufferSupplier.create();

    /** What a batch is. A control batch without a record lost it to an earlier compaction. */
    public enum Kind {
        DATA,
        COMMIT,
        ABORT,
        OTHER_CONTROL,
        EMPTY_CONTROL
    }

    /**
     * What a batch says of itself.
     *
     * @param producerId -1 if it has none
     * @param deleteHorizon time from which its tombstones, or its marker, may go (KIP-534)
     */
    public record Batch(
            long baseOffset,
            long lastOffset,
            long producerId,
            short producerEpoch,
            boolean transactional,
            Kind kind,
            OptionalLong deleteHorizon) {

        public boolean isControl() {
            return kind != Kind.DATA;
        }
    }

    /** What becomes of a batch: it goes, goes once it is empty, or stays as an empty one. */
    public enum Retention {
        DELETE,
        DELETE_EMPTY,
        RETAIN_EMPTY
    }

    /**
     * @param markerOfEmptyTransaction whether all records of the marker's transaction are gone, so
     *     that its delete horizon begins
     */
    public record Verdict(Retention retention, boolean markerOfEmptyTransaction) {}

    /** Decides what stays. Of each batch it sees the batch first, then its records. */
    public interface Choice {
        Verdict onBatch(Batch batch);

        /**
         * @param key null if the record has none; valid during the call
         */
        boolean keeps(long offset, ByteBuffer key, boolean hasValue);
    }

    /** Is shown the keys of batches, in their order. */
    public interface KeyVisitor {
        /** Whether the batch's records are to be shown. */
        boolean onBatch(Batch batch);

        /**
         * @param key valid during the call
         * @return false to see nothing more
         */
        boolean onKey(long offset, ByteBuffer key);

        void onBatchEnd(Batch batch);
    }

    /**
     * @param batches what stays, from position to limit; the target or a larger buffer
     * @param bytesRead bytes of whole batches that were looked at
     */
    public record Rebuilt(ByteBuffer batches, int bytesRead) {}

    /**
     * Builds the whole batches in the buffer anew; a cut-off one at its end is left alone.
     *
     * @param deleteRetentionMillis time from now to the delete horizon that tombstones get
     * @throws RuntimeException if a batch is damaged
     */
    public Rebuilt rebuild(
            ByteBuffer batches,
            Choice choice,
            long nowMillis,
            long deleteRetentionMillis,
            ByteBuffer target) {
        RecordFilter filter =
                new RecordFilter(nowMillis, deleteRetentionMillis) {
                    @Override
                    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                        Verdict verdict = choice.onBatch(describe(batch));
                        return new BatchRetentionResult(
                                switch (verdict.retention()) {
                                    case DELETE -> BatchRetention.DELETE;
                                    case DELETE_EMPTY -> BatchRetention.DELETE_EMPTY;
                                    case RETAIN_EMPTY -> BatchRetention.RETAIN_EMPTY;
                                },
                                verdict.markerOfEmptyTransaction());
                    }

                    @Override
                    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                        return choice.keeps(record.offset(), record.key(), record.hasValue());
                    }
                };
        var result =
                MemoryRecords.readableRecords(batches.duplicate())
                        .filterTo(filter, target, buffers, LARGEST_RECORD);
        return new Rebuilt(result.outputBuffer().flip(), result.bytesRead());
    }

    /** Shows the keys of the whole batches; false if the visitor had seen enough. */
    public boolean forEachKey(ByteBuffer batches, KeyVisitor visitor) {
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(batches.duplicate()).batches()) {
            Batch described = describe(batch);
            if (visitor.onBatch(described) && !showKeys(batch, visitor)) {
                return false;
            }
            visitor.onBatchEnd(described);
        }
        return true;
    }

    private boolean showKeys(RecordBatch batch, KeyVisitor visitor) {
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.hasKey() && !visitor.onKey(record.offset(), record.key())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Batch describe(RecordBatch batch) {
        return new Batch(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.isTransactional(),
                batch.isControlBatch() ? controlKind(batch) : Kind.DATA,
                batch.deleteHorizonMs());
    }

    private static Kind controlKind(RecordBatch batch) {
        Iterator<Record> records = batch.iterator();
        if (!records.hasNext()) {
            return Kind.EMPTY_CONTROL;
        }
        return switch (ControlRecordType.parse(records.next().key())) {
            case COMMIT -> Kind.COMMIT;
            case ABORT -> Kind.ABORT;
            default -> Kind.OTHER_CONTROL;
        };
    }
}
