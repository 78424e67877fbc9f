package io.penstock.broker.log;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A log that can be driven and looked at in the same words, whoever wrote it. */
interface ComparedLog {

    /** What an append answered; offsets only where it succeeded. */
    record Appended(Errors error, long firstOffset, long lastOffset) {
        static Appended refused(Errors error) {
            return new Appended(error, -1, -1);
        }
    }

    /** A producer with its newest batch: older ones are remembered as far as a restart did. */
    record Producer(
            int epoch,
            int coordinatorEpoch,
            long lastTimestamp,
            long transactionFirstOffset,
            int lastSequence,
            long lastOffset) {

        /** Without what only records below a log start may have told. */
        Producer byItsRecords() {
            return new Producer(epoch, -1, lastTimestamp, -1, lastSequence, lastOffset);
        }
    }

    record Aborted(long producerId, long firstOffset, long lastOffset) {}

    /** What a log knows, as far as anybody could notice. */
    record State(
            long start,
            long end,
            long stable,
            SortedMap<Long, Producer> producers,
            List<String> epochs,
            List<Aborted> aborted) {

        /**
         * Without the producers that have no record in the log: whether those are still known after
         * a restart or a cut depends on how far back each log replays.
         *
         * @param unequally whether one of the logs may know such producers and the other not; their
         *     transactions would move the last stable offset
         * @param compacted whether records are gone by which an aborted transaction is known
         */
        State afterForgetting(boolean unequally, boolean compacted) {
            SortedMap<Long, Producer> known = new TreeMap<>();
            producers.forEach(
                    (id, producer) -> {
                        if (producer.lastOffset() >= start) {
                            known.put(id, producer.byItsRecords());
                        }
                    });
            return new State(
                    start,
                    end,
                    unequally ? start : stable,
                    known,
                    epochs,
                    compacted
                            ? List.of()
                            : aborted.stream().filter(a -> a.firstOffset() >= start).toList());
        }

        /**
         * Whether this log, of the same records, remembers all that the other does: a transaction
         * from an earlier record on, if anything, and so an earlier last stable offset.
         */
        boolean knowsAllOf(State other) {
            return start == other.start
                    && end == other.end
                    && epochs.equals(other.epochs)
                    && stable <= other.stable
                    && producers.keySet().containsAll(other.producers.keySet())
                    && other.aborted.stream().allMatch(this::knows);
        }

        private boolean knows(Aborted wanted) {
            return aborted.stream()
                    .anyMatch(
                            own ->
                                    own.producerId() == wanted.producerId()
                                            && own.lastOffset() == wanted.lastOffset()
                                            && own.firstOffset() <= wanted.firstOffset());
        }

        boolean knowsMoreThanItHas() {
            return producers.values().stream().anyMatch(p -> p.lastOffset() < start);
        }
    }

    /** What a cleaning covered: its range, the bytes that made the log due, its end. */
    record Cleaning(long endOffset, long dirtyBytes, long cleanedUpTo) {}

    long activeSegment();

    void roll() throws IOException;

    Appended appendAsLeader(ByteBuffer batch, int epoch, boolean coordinator);

    Appended appendAsFollower(ByteBuffer batches, int epoch);

    void beginEpoch(int epoch) throws IOException;

    void advanceHighWatermark(long offset) throws IOException;

    void truncateTo(long offset) throws IOException;

    void restartAt(long offset) throws IOException;

    void deleteRecords(long before) throws IOException;

    int deleteOldSegments() throws IOException;

    Cleaning compact() throws IOException;

    /** The offset of the first record at or after the timestamp, or -1. */
    long offsetAt(long timestamp) throws IOException;

    /** Epoch and end offset, as OffsetForLeaderEpoch answers. */
    String endOffsetFor(int epoch);

    State state() throws IOException;

    /** Closes the files: with all that a clean stop writes, or as a crash would leave them. */
    void stop(boolean cleanly) throws IOException;

    void start(boolean cleanly, long recoveryPoint) throws IOException;

    long recoveryPoint();

    Path directory();

    /** All batches of all segments that end at or after the offset, a line each. */
    static List<String> content(Path directory, long fromOffset) throws IOException {
        List<String> lines = new ArrayList<>();
        for (long base : LogFiles.offsetsOf(directory, LogFiles.LOG)) {
            lines.add("segment " + base);
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(LogFiles.segment(directory, base)));
            for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
                if (batch.lastOffset() < fromOffset) {
                    continue;
                }
                lines.add(
                        "%d-%d crc %08x, %d records, epoch %d, producer %d/%d from %d%s%s%s"
                                .formatted(
                                        batch.baseOffset(),
                                        batch.lastOffset(),
                                        batch.checksum(),
                                        batch.countOrNull(),
                                        batch.partitionLeaderEpoch(),
                                        batch.producerId(),
                                        batch.producerEpoch(),
                                        batch.baseSequence(),
                                        batch.isTransactional() ? ", transactional" : "",
                                        batch.isControlBatch() ? ", control" : "",
                                        batch.deleteHorizonMs().isPresent()
                                                ? ", horizon " + batch.deleteHorizonMs().getAsLong()
                                                : ""));
            }
        }
        return lines;
    }

    static List<String> epochs(Path directory) throws IOException {
        Path file = directory.resolve(LogFiles.LEADER_EPOCHS);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.size() <= 2 ? List.of() : lines.subList(2, lines.size());
    }
}
