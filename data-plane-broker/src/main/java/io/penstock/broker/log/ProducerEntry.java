package io.penstock.broker.log;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/** What a log remembers of one producer. Guarded by the log's lock. */
final class ProducerEntry {

    /** Batches remembered: an idempotent producer has at most five in flight. */
    static final int REMEMBERED = 5;

    static final short NO_EPOCH = -1;
    static final int NO_SEQUENCE = -1;
    static final long NO_TRANSACTION = -1;
    static final int NO_COORDINATOR_EPOCH = -1;

    /** A batch that was appended. */
    record Batch(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
        int firstSequence() {
            return sequenceBefore(lastSequence, offsetDelta);
        }

        long firstOffset() {
            return lastOffset - offsetDelta;
        }
    }

    private final long producerId;
    private final ArrayDeque<Batch> batches;
    private short epoch = NO_EPOCH;
    private int coordinatorEpoch = NO_COORDINATOR_EPOCH;
    private long lastTimestamp = RecordBatchHeader.NO_TIMESTAMP;
    private long transactionFirstOffset = NO_TRANSACTION;

    ProducerEntry(long producerId) {
        this.producerId = producerId;
        this.batches = new ArrayDeque<>(REMEMBERED + 1);
    }

    private ProducerEntry(ProducerEntry other) {
        this.producerId = other.producerId;
        this.batches = new ArrayDeque<>(other.batches);
        this.epoch = other.epoch;
        this.coordinatorEpoch = other.coordinatorEpoch;
        this.lastTimestamp = other.lastTimestamp;
        this.transactionFirstOffset = other.transactionFirstOffset;
    }

    static ProducerEntry restored(
            long producerId,
            short epoch,
            int coordinatorEpoch,
            long transactionFirstOffset,
            long lastTimestamp,
            Batch lastBatch) {
        ProducerEntry entry = new ProducerEntry(producerId);
        entry.epoch = epoch;
        entry.coordinatorEpoch = coordinatorEpoch;
        entry.transactionFirstOffset = transactionFirstOffset;
        entry.lastTimestamp = lastTimestamp;
        if (lastBatch.lastSequence() != NO_SEQUENCE) {
            entry.batches.add(lastBatch);
        }
        return entry;
    }

    ProducerEntry copy() {
        return new ProducerEntry(this);
    }

    /** The remembered batch with the same sequence numbers, or null. */
    Batch duplicateOf(short batchEpoch, int firstSequence, int lastSequence) {
        if (batchEpoch != epoch) {
            return null;
        }
        for (Iterator<Batch> newestFirst = batches.descendingIterator(); newestFirst.hasNext(); ) {
            Batch batch = newestFirst.next();
            if (batch.firstSequence() == firstSequence && batch.lastSequence() == lastSequence) {
                return batch;
            }
        }
        return null;
    }

    void addBatch(short batchEpoch, int lastSequence, long lastOffset, int delta, long timestamp) {
        moveToEpoch(batchEpoch);
        if (batches.size() == REMEMBERED) {
            batches.removeFirst();
        }
        batches.addLast(new Batch(lastSequence, lastOffset, delta, timestamp));
        lastTimestamp = timestamp;
    }

    /** A new epoch begins with new sequence numbers. */
    void moveToEpoch(short newEpoch) {
        if (newEpoch != epoch) {
            batches.clear();
            epoch = newEpoch;
        }
    }

    void beginTransaction(long firstOffset) {
        transactionFirstOffset = firstOffset;
    }

    void endTransaction(int markerCoordinatorEpoch, long timestamp) {
        transactionFirstOffset = NO_TRANSACTION;
        coordinatorEpoch = markerCoordinatorEpoch;
        lastTimestamp = timestamp;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    boolean isNew() {
        return epoch == NO_EPOCH;
    }

    int lastSequence() {
        return batches.isEmpty() ? NO_SEQUENCE : batches.peekLast().lastSequence();
    }

    /** The remembered batches, oldest first. */
    List<Batch> batches() {
        return List.copyOf(batches);
    }

    /** The newest batch, or null. */
    Batch lastBatch() {
        return batches.peekLast();
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    long lastTimestamp() {
        return lastTimestamp;
    }

    long transactionFirstOffset() {
        return transactionFirstOffset;
    }

    boolean hasTransaction() {
        return transactionFirstOffset != NO_TRANSACTION;
    }

    /** Sequence numbers wrap from the largest integer to 0. */
    static int sequenceAfter(int sequence, int increment) {
        return sequence > Integer.MAX_VALUE - increment
                ? increment - (Integer.MAX_VALUE - sequence) - 1
                : sequence + increment;
    }

    static int sequenceBefore(int sequence, int decrement) {
        return sequence < decrement
                ? Integer.MAX_VALUE - (decrement - sequence) + 1
                : sequence - decrement;
    }
}
