package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The producers of a log: who may append next, and which transactions are open. {@link #check}
 * decides and changes nothing; {@link #apply} takes note of a batch that is in the log. Guarded by
 * the log's lock.
 */
final class ProducerStates {

    /** What {@link #check} found. */
    sealed interface Check {
        record Accepted() implements Check {}

        record Duplicate(ProducerEntry.Batch batch) implements Check {}

        record Rejected(Refused refused) implements Check {}

        Accepted ACCEPTED = new Accepted();
    }

    private final HashMap<Long, ProducerEntry> producers = new HashMap<>();

    /** Open transactions: first offset by producer id is in the entry; here by first offset. */
    private final TreeMap<Long, Long> openTransactions = new TreeMap<>();

    /** First offset to marker's offset, of ended transactions whose marker is not committed. */
    private final TreeMap<Long, Long> uncommittedMarkers = new TreeMap<>();

    Collection<ProducerEntry> entries() {
        return producers.values();
    }

    int size() {
        return producers.size();
    }

    ProducerEntry find(long producerId) {
        return producers.get(producerId);
    }

    /** Decides about all batches of one append, each as if those before it were in the log. */
    Check checkAll(ByteBuffer batches, AppendOrigin origin) {
        int first = batches.position();
        int second = first + (int) RecordBatchHeader.sizeInBytes(batches, first);
        if (second >= batches.limit()) {
            return check(batches, first, origin, null);
        }
        Map<Long, ProducerEntry> earlier = new HashMap<>();
        for (int at = first; at < batches.limit(); ) {
            Check check = check(batches, at, origin, earlier);
            if (check instanceof Check.Duplicate) {
                return rejected(
                        Reason.DUPLICATE_SEQUENCE, "one of several batches was appended before");
            }
            if (check instanceof Check.Rejected) {
                return check;
            }
            long producerId = RecordBatchHeader.producerId(batches, at);
            if (producerId != RecordBatchHeader.NO_PRODUCER) {
                earlier.put(producerId, preview(batches, at, earlier));
            }
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        return Check.ACCEPTED;
    }

    /**
     * Decides about the batch at the index.
     *
     * @param earlier entries as earlier batches of the same append will leave them, else null
     */
    Check check(ByteBuffer batches, int at, AppendOrigin origin, Map<Long, ProducerEntry> earlier) {
        long producerId = RecordBatchHeader.producerId(batches, at);
        if (producerId == RecordBatchHeader.NO_PRODUCER || origin == AppendOrigin.REPLICATION) {
            return Check.ACCEPTED;
        }
        ProducerEntry entry = earlier == null ? null : earlier.get(producerId);
        if (entry == null) {
            entry = producers.get(producerId);
        }
        if (entry == null) {
            return Check.ACCEPTED;
        }
        short epoch = RecordBatchHeader.producerEpoch(batches, at);
        if (RecordBatchHeader.isControl(batches, at)) {
            return checkMarker(entry, epoch, batches, at);
        }
        if (origin == AppendOrigin.CLIENT) {
            int first = RecordBatchHeader.baseSequence(batches, at);
            int last =
                    ProducerEntry.sequenceAfter(
                            first, RecordBatchHeader.lastOffsetDelta(batches, at));
            ProducerEntry.Batch duplicate = entry.duplicateOf(epoch, first, last);
            if (duplicate != null) {
                return new Check.Duplicate(duplicate);
            }
        }
        return checkData(entry, epoch, batches, at, origin);
    }

    private static Check checkData(
            ProducerEntry entry, short epoch, ByteBuffer batches, int at, AppendOrigin origin) {
        if (epoch < entry.epoch()) {
            return rejected(
                    Reason.INVALID_PRODUCER_EPOCH,
                    "producer %d writes with epoch %d, the newest is %d",
                    entry.producerId(),
                    epoch,
                    entry.epoch());
        }
        Check sequence =
                origin == AppendOrigin.CLIENT
                        ? checkSequence(entry, epoch, batches, at)
                        : Check.ACCEPTED;
        if (sequence == Check.ACCEPTED
                && entry.hasTransaction()
                && !RecordBatchHeader.isTransactional(batches, at)) {
            return rejected(
                    Reason.INVALID_TRANSACTION_STATE,
                    "producer %d writes outside its open transaction",
                    entry.producerId());
        }
        return sequence;
    }

    private static Check checkSequence(
            ProducerEntry entry, short epoch, ByteBuffer batches, int at) {
        int first = RecordBatchHeader.baseSequence(batches, at);
        if (epoch != entry.epoch()) {
            return first == 0 || entry.isNew()
                    ? Check.ACCEPTED
                    : rejected(
                            Reason.OUT_OF_ORDER_SEQUENCE,
                            "producer %d begins epoch %d with sequence %d",
                            entry.producerId(),
                            epoch,
                            first);
        }
        // After a marker of a new epoch nothing was written in it yet: it begins with sequence 0.
        int last = entry.lastSequence();
        boolean inOrder =
                first == last + 1L || (first == 0 && last == Integer.MAX_VALUE) || entry.isNew();
        return inOrder
                ? Check.ACCEPTED
                : rejected(
                        Reason.OUT_OF_ORDER_SEQUENCE,
                        "producer %d with epoch %d writes sequence %d after %d",
                        entry.producerId(),
                        epoch,
                        first,
                        last);
    }

    private static Check checkMarker(ProducerEntry entry, short epoch, ByteBuffer batches, int at) {
        EndTransactionMarker marker = EndTransactionMarker.read(batches, at);
        if (marker == null) {
            return Check.ACCEPTED;
        }
        if (epoch < entry.epoch()) {
            return rejected(
                    Reason.INVALID_PRODUCER_EPOCH,
                    "a marker for producer %d has epoch %d, the newest is %d",
                    entry.producerId(),
                    epoch,
                    entry.epoch());
        }
        if (marker.coordinatorEpoch() < entry.coordinatorEpoch()) {
            return rejected(
                    Reason.COORDINATOR_FENCED,
                    "a marker for producer %d comes from coordinator epoch %d, the newest is %d",
                    entry.producerId(),
                    marker.coordinatorEpoch(),
                    entry.coordinatorEpoch());
        }
        return Check.ACCEPTED;
    }

    /** The entry as it will be after the batch; the states themselves do not change. */
    private ProducerEntry preview(ByteBuffer batches, int at, Map<Long, ProducerEntry> earlier) {
        long producerId = RecordBatchHeader.producerId(batches, at);
        ProducerEntry entry = earlier.get(producerId);
        if (entry == null) {
            ProducerEntry present = producers.get(producerId);
            entry = present == null ? new ProducerEntry(producerId) : present.copy();
        }
        update(entry, batches, at);
        return entry;
    }

    /**
     * Takes note of a batch in the log, its offsets being final.
     *
     * @return the transaction that the batch aborts, or null
     */
    AbortedTransaction apply(ByteBuffer batches, int at) {
        long producerId = RecordBatchHeader.producerId(batches, at);
        if (producerId == RecordBatchHeader.NO_PRODUCER) {
            return null;
        }
        ProducerEntry entry = producers.computeIfAbsent(producerId, ProducerEntry::new);
        long openBefore = entry.transactionFirstOffset();
        boolean aborts = update(entry, batches, at);
        long openAfter = entry.transactionFirstOffset();
        if (openBefore == openAfter) {
            return null;
        }
        if (openAfter != ProducerEntry.NO_TRANSACTION) {
            openTransactions.put(openAfter, producerId);
            return null;
        }
        long marker = RecordBatchHeader.lastOffset(batches, at);
        openTransactions.remove(openBefore);
        uncommittedMarkers.put(openBefore, marker);
        if (!aborts) {
            return null;
        }
        long stable = openTransactions.isEmpty() ? marker + 1 : openTransactions.firstKey();
        return new AbortedTransaction(producerId, openBefore, marker, stable);
    }

    /** Whether the batch is a marker that aborts. */
    private static boolean update(ProducerEntry entry, ByteBuffer batches, int at) {
        short epoch = RecordBatchHeader.producerEpoch(batches, at);
        long timestamp = RecordBatchHeader.maxTimestamp(batches, at);
        if (RecordBatchHeader.isControl(batches, at)) {
            EndTransactionMarker marker = EndTransactionMarker.read(batches, at);
            if (marker == null) {
                return false;
            }
            entry.moveToEpoch(epoch);
            entry.endTransaction(marker.coordinatorEpoch(), timestamp);
            return !marker.commits();
        }
        int delta = RecordBatchHeader.lastOffsetDelta(batches, at);
        int sequence = RecordBatchHeader.baseSequence(batches, at);
        long lastOffset = RecordBatchHeader.lastOffset(batches, at);
        entry.addBatch(
                epoch, ProducerEntry.sequenceAfter(sequence, delta), lastOffset, delta, timestamp);
        if (RecordBatchHeader.isTransactional(batches, at) && !entry.hasTransaction()) {
            entry.beginTransaction(lastOffset - delta);
        }
        return false;
    }

    /** First offset of the oldest transaction that is open or whose end is not committed. */
    long firstUnstableOffset() {
        long open = openTransactions.isEmpty() ? Long.MAX_VALUE : openTransactions.firstKey();
        long ended = uncommittedMarkers.isEmpty() ? Long.MAX_VALUE : uncommittedMarkers.firstKey();
        return Math.min(open, ended);
    }

    /** Markers below the high watermark are committed, and their transactions stable. */
    void onHighWatermark(long highWatermark) {
        if (!uncommittedMarkers.isEmpty()) {
            uncommittedMarkers.values().removeIf(marker -> marker < highWatermark);
        }
    }

    /** Forgets producers that were silent so long, and have no open transaction. */
    void expire(long nowMillis, long expirationMillis) {
        producers
                .values()
                .removeIf(
                        entry ->
                                !entry.hasTransaction()
                                        && nowMillis - entry.lastTimestamp() >= expirationMillis);
    }

    /** Takes over a producer from a snapshot. */
    void restore(ProducerEntry entry) {
        producers.put(entry.producerId(), entry);
        if (entry.hasTransaction()) {
            openTransactions.put(entry.transactionFirstOffset(), entry.producerId());
        }
    }

    void clear() {
        producers.clear();
        openTransactions.clear();
        uncommittedMarkers.clear();
    }

    private static Check rejected(Reason reason, String format, Object... arguments) {
        return new Check.Rejected(new Refused(reason, String.format(format, arguments)));
    }
}
