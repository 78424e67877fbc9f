package io.penstock.broker.log;

import io.penstock.broker.protocol.record.BatchRebuilding.Batch;
import io.penstock.broker.protocol.record.BatchRebuilding.Choice;
import io.penstock.broker.protocol.record.BatchRebuilding.Retention;
import io.penstock.broker.protocol.record.BatchRebuilding.Verdict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;

/**
 * Decides what compaction keeps: of each key the latest record, tombstones and markers until their
 * delete horizon (KIP-534), and empty batches by which a producer, or the end of what was cleaned,
 * is known.
 */
final class CompactionChoice implements Choice {

    private final LatestOffsets latest;
    private final long endOffset;
    private final long nowMillis;
    private final CompactedTransactions transactions;
    private Map<Long, LastBatch> lastBatches = Map.of();
    private AbortedTransactionIndex abortedIndex;
    private Batch present;
    private boolean withoutRecords;

    /**
     * @param endOffset where the cleaning ends: the last batch before it stays, if only as an empty
     *     one
     */
    CompactionChoice(LatestOffsets latest, long endOffset, long nowMillis) {
        this.latest = latest;
        this.endOffset = endOffset;
        this.nowMillis = nowMillis;
        this.transactions = new CompactedTransactions(this::retain);
    }

    /** A new segment begins: the batches that producers are known by, and its index to fill. */
    void begin(Map<Long, LastBatch> batchesOfProducers, AbortedTransactionIndex index) {
        lastBatches = batchesOfProducers;
        abortedIndex = index;
    }

    void add(Collection<AbortedTransaction> aborted) {
        transactions.add(aborted);
    }

    private void retain(AbortedTransaction aborted) {
        try {
            abortedIndex.append(aborted);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Verdict onBatch(Batch batch) {
        present = batch;
        boolean mayGo = transactions.mayGo(batch);
        withoutRecords = mayGo && (!batch.isControl() || horizonPassed(batch));
        LastBatch last = lastBatches.get(batch.producerId());
        Retention retention;
        if ((batch.producerId() >= 0 && last != null && last.is(batch))
                || batch.lastOffset() + 1 == endOffset) {
            retention = Retention.RETAIN_EMPTY;
        } else {
            retention = withoutRecords ? Retention.DELETE : Retention.DELETE_EMPTY;
        }
        return new Verdict(retention, mayGo && batch.isControl());
    }

    @Override
    public boolean keeps(long offset, ByteBuffer key, boolean hasValue) {
        if (withoutRecords) {
            return false;
        }
        if (present.isControl() || offset > latest.latestOffset()) {
            return true;
        }
        if (key == null) {
            return false;
        }
        return offset >= latest.get(key) && (hasValue || !horizonPassed(present));
    }

    private boolean horizonPassed(Batch batch) {
        return batch.deleteHorizon().isPresent() && batch.deleteHorizon().getAsLong() <= nowMillis;
    }
}
