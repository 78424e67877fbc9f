package io.penstock.systemtests.faults;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What clients saw of one topic and one consumer group, from before the first fault until after the
 * last. Times are {@link System#nanoTime()} of the clients' process.
 *
 * @param log what was read from the beginning to the end after everything had healed, by partition
 * @param committed the group's offsets after everything had healed, by partition
 * @param lostPositions readers that were told that their position does not exist
 */
record History(
        List<Send> sends,
        List<Read> reads,
        List<Commit> commits,
        List<LostPosition> lostPositions,
        Map<Integer, List<Stored>> log,
        Map<Integer, Long> committed) {

    History {
        sends = List.copyOf(sends);
        reads = List.copyOf(reads);
        commits = List.copyOf(commits);
        lostPositions = List.copyOf(lostPositions);
        log = Map.copyOf(log);
        committed = Map.copyOf(committed);
    }

    /** How a producer is set up; all of them wait for all in-sync replicas. */
    enum ProducerKind {
        /** The client's defaults. */
        IDEMPOTENT,
        /** Idempotent, and gives up a silent broker after a second instead of half a minute. */
        IMPATIENT,
        /** Retries may store a record twice and change the order. */
        NOT_IDEMPOTENT;

        boolean isIdempotent() {
            return this != NOT_IDEMPOTENT;
        }
    }

    /**
     * @param name unique among all producers of a history
     */
    record Producer(String name, ProducerKind kind) {}

    /**
     * One record handed to a producer.
     *
     * @param sequence counts this producer's records over all partitions from 0
     */
    record Send(Producer producer, long sequence, int partition, long nanos, Outcome outcome) {
        String value() {
            return value(producer, sequence);
        }

        static String value(Producer producer, long sequence) {
            return producer.name() + "/" + sequence;
        }
    }

    /** What became of a send. */
    sealed interface Outcome {
        /**
         * @param offset empty when the broker said no more than that the record is there already
         */
        record Acknowledged(OptionalLong offset, long nanos) implements Outcome {}

        record Failed(String reason, long nanos) implements Outcome {}

        /** The client ended before it knew. */
        record Unknown() implements Outcome {}
    }

    /**
     * @param isAlone whether it reads all partitions by itself, rather than its share of a group's
     */
    record Reader(String name, boolean isAlone) {}

    /** A record that a reader was given; each reader's are in the order of reading. */
    record Read(Reader reader, int partition, long offset, int leaderEpoch, String value) {}

    /** An offset whose commit the coordinator acknowledged. */
    record Commit(int partition, long offset) {}

    record LostPosition(Reader reader, int partition, long offset) {}

    /** A record of the log as it is in the end. */
    record Stored(long offset, int leaderEpoch, String value) {}
}
