package io.penstock.broker.log;

import io.penstock.broker.protocol.record.BatchRebuilding.Batch;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Follows the transactions in batches that are read in their order: the data of aborted ones may
 * go; a marker may go once a pass met no data of its transaction any more.
 */
final class CompactedTransactions {

    private static final class Aborted {
        private final AbortedTransaction transaction;
        private boolean hasData;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    private final PriorityQueue<AbortedTransaction> coming =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, Aborted> aborted = new HashMap<>();
    private final Set<Long> committed = new HashSet<>();
    private final Consumer<AbortedTransaction> retained;

    /**
     * @param retained told of each aborted transaction whose data was met, and whose marker stays
     */
    CompactedTransactions(Consumer<AbortedTransaction> retained) {
        this.retained = retained;
    }

    void add(Collection<AbortedTransaction> transactions) {
        coming.addAll(transactions);
    }

    /** Whether the batch may go: data of an aborted transaction, or a marker without any data. */
    boolean mayGo(Batch batch) {
        while (!coming.isEmpty() && coming.peek().firstOffset() <= batch.lastOffset()) {
            AbortedTransaction next = coming.poll();
            aborted.putIfAbsent(next.producerId(), new Aborted(next));
        }
        return switch (batch.kind()) {
            case DATA -> isAborted(batch);
            case COMMIT -> !committed.remove(batch.producerId());
            case ABORT -> {
                Aborted ended = aborted.remove(batch.producerId());
                boolean hadData = ended != null && ended.hasData;
                if (hadData) {
                    retained.accept(ended.transaction);
                }
                yield !hadData;
            }
            case OTHER_CONTROL -> false;
            case EMPTY_CONTROL -> true;
        };
    }

    private boolean isAborted(Batch batch) {
        if (!batch.transactional()) {
            return false;
        }
        Aborted transaction = aborted.get(batch.producerId());
        if (transaction == null) {
            committed.add(batch.producerId());
            return false;
        }
        transaction.hasData = true;
        return true;
    }
}
