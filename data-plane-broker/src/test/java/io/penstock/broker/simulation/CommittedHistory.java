package io.penstock.broker.simulation;

import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.log.RecordBatchHeader;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What of one partition was ever committed: what lay below some leader's high watermark. It only
 * grows; a log that disagrees with it has lost or replaced a record that somebody may have seen.
 */
final class CommittedHistory {

    /** End of each committed batch to the digest of everything up to there. */
    private final TreeMap<Long, Long> chains = new TreeMap<>();

    /** Base offset of each committed batch to what it is. */
    private final Map<Long, Batch> batches = new HashMap<>();

    /** The last sequence of each producer, to see that none is skipped or repeated. */
    private final Map<Long, Integer> lastSequences = new HashMap<>();

    private record Batch(int checksum, long producerId, int sequence) {}

    CommittedHistory() {
        chains.put(0L, 0L);
    }

    long end() {
        return chains.lastKey();
    }

    /**
     * A leader says that its log is committed up to the offset.
     *
     * @return what is wrong with it, else empty
     */
    Optional<String> extend(MemoryLog log, long highWatermark) {
        Optional<String> wrong = compare(log, Math.min(end(), highWatermark));
        if (wrong.isPresent() || highWatermark <= end()) {
            return wrong;
        }
        for (ByteBuffer batch : log.batchesFrom(end())) {
            long next = RecordBatchHeader.lastOffset(batch, 0) + 1;
            if (next > highWatermark) {
                break;
            }
            chains.put(next, log.chainBelow(next).orElseThrow());
            batches.put(
                    RecordBatchHeader.baseOffset(batch, 0),
                    new Batch(
                            RecordBatchHeader.checksum(batch, 0),
                            RecordBatchHeader.producerId(batch, 0),
                            RecordBatchHeader.baseSequence(batch, 0)));
            Optional<String> disorder = outOfOrder(batch);
            if (disorder.isPresent()) {
                return disorder;
            }
        }
        return end() == highWatermark
                ? Optional.empty()
                : Optional.of("no batch ends at the high watermark " + highWatermark);
    }

    /** What of the committed records below the offset the log does not have, else empty. */
    Optional<String> compare(MemoryLog log, long offset) {
        Long expected = chains.get(offset);
        if (expected == null) {
            return Optional.of("no committed batch ends at " + offset);
        }
        OptionalLong found = log.chainBelow(offset);
        if (found.isEmpty()) {
            return Optional.of(
                    "it ends at %d, but %d is committed".formatted(log.end().offset(), offset));
        }
        return found.getAsLong() == expected
                ? Optional.empty()
                : Optional.of("it has other records below " + offset + " than were committed");
    }

    /** Whether the batch was committed as it is. */
    boolean contains(ByteBuffer records, int at) {
        Batch batch = batches.get(RecordBatchHeader.baseOffset(records, at));
        return batch != null && batch.checksum() == RecordBatchHeader.checksum(records, at);
    }

    /** Whether the producer's batch with this first sequence was committed at the offset. */
    boolean contains(long baseOffset, long producerId, int sequence) {
        Batch batch = batches.get(baseOffset);
        return batch != null && batch.producerId() == producerId && batch.sequence() == sequence;
    }

    /**
     * Each producer's records must be there once and in order (I7). What only the leader had
     * acknowledged may be missing, but comes no more once something later is there.
     */
    private Optional<String> outOfOrder(ByteBuffer batch) {
        long producer = RecordBatchHeader.producerId(batch, 0);
        if (producer == RecordBatchHeader.NO_PRODUCER) {
            return Optional.empty();
        }
        int first = RecordBatchHeader.baseSequence(batch, 0);
        int expected = lastSequences.getOrDefault(producer, -1) + 1;
        lastSequences.put(producer, first + RecordBatchHeader.lastOffsetDelta(batch, 0));
        boolean mayMiss = SimulatedProducer.isAcknowledgedByLeaderAlone(producer);
        return first == expected || mayMiss && first > expected
                ? Optional.empty()
                : Optional.of(
                        "producer %d has sequence %d at offset %d where %d follows"
                                .formatted(
                                        producer,
                                        first,
                                        RecordBatchHeader.baseOffset(batch, 0),
                                        expected));
    }
}
