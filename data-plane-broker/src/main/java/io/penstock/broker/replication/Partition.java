package io.penstock.broker.replication;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.OffsetAndTimestamp;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A partition that has a replica on this broker. Any thread may call; appends of one partition are
 * serialized by its lock, which is held only for the write into the page cache.
 */
public interface Partition {

    /** Reads nothing past the last stable offset, the high watermark, or the log end. */
    enum Isolation {
        READ_COMMITTED,
        READ_UNCOMMITTED,
        REPLICA
    }

    /** Told once, on any thread, when the awaited position was reached or the role was lost. */
    interface Waiter {
        void wake();
    }

    /** What may be told to a producer that asked for an acknowledgement. */
    enum Acknowledgement {
        /** All in-sync replicas have the records: they are never lost. */
        COMMITTED,
        /** This leader has the records, on disk for good if their topic asks for that. */
        STORED,
        /** They may become what was asked for yet. */
        PENDING,
        /** They are in the log, and there are not enough in-sync replicas to commit them. */
        NOT_ENOUGH_REPLICAS,
        /** The disk failed before; nobody here knows what becomes. */
        STORAGE_ERROR,
        /** This broker does not lead in that epoch any more; nobody here knows what becomes. */
        NOT_LEADER
    }

    TopicPartition topicPartition();

    Uuid topicId();

    boolean isLeader();

    /** Whether another broker leads, and this one copies and may serve consumers (KIP-392). */
    boolean isFollower();

    int leaderEpoch();

    /**
     * Appends batches (v2), back to back in the buffer. Base offsets and leader epochs are patched
     * in place; the buffer may be reused when this returns. All batches are appended or none.
     *
     * @param requiredAcks the producer's acks: with -1 fewer in-sync replicas than
     *     min.insync.replicas refuse the append
     */
    AppendResult append(ByteBuffer batches, AppendOrigin origin, short requiredAcks);

    /** Wakes the waiter when {@link #acknowledgement} may have another answer, perhaps at once. */
    void whenCommitted(long offset, Waiter waiter);

    /**
     * A leader that may be outdated ({@link #mayAnswerAlone}) answers that it is none: it may be
     * that only its successor will ever commit. The record stays in its log, and may be committed
     * yet, as after any other error.
     *
     * @param leaderEpoch in which the records were appended
     * @param offset the one after the records
     */
    Acknowledgement acknowledgement(int leaderEpoch, long offset);

    /** Wakes the waiter when the log is on disk for good up to the offset, if that is asked for. */
    void whenDurable(long offset, Waiter waiter);

    /**
     * The same for acks=1, where this leader's own log is enough.
     *
     * @param leaderEpoch in which the records were appended
     * @param offset the one after the records
     */
    Acknowledgement acknowledgementAlone(int leaderEpoch, long offset);

    /**
     * Whether what this leader answers without its followers (acks=0 and 1, the latest offset) is
     * certainly not outdated: its lease is held, or all who could have been elected in its place
     * still follow it. To be asked after the act.
     */
    boolean mayAnswerAlone();

    /** In-sync followers that have the offset, and their log ends (KIP-392). */
    Map<Integer, Long> inSyncFollowersWith(long offset);

    /**
     * Reads from the batch that contains {@code offset}.
     *
     * @param currentLeaderEpoch the reader's view, or -1 when it does not say
     * @param minOneBatch whether a first batch larger than {@code maxBytes} is returned whole
     *     (KIP-74)
     */
    ReadResult read(
            long offset,
            int currentLeaderEpoch,
            int maxBytes,
            boolean minOneBatch,
            Isolation isolation);

    /**
     * Wakes the waiter when a reader at this isolation could read past {@code offset}, perhaps at
     * once.
     */
    void whenReadable(long offset, Isolation isolation, Waiter waiter);

    /** Forgets a waiter that was not woken; harmless when it was. */
    void forget(Waiter waiter);

    long logStartOffset();

    long highWatermark();

    long lastStableOffset();

    long logEndOffset();

    /**
     * Where the log ended when this broker became the leader. Until the high watermark gets there,
     * it may be behind what an earlier leader showed to consumers (KIP-207).
     */
    long leaderEpochStartOffset();

    /**
     * Makes records below the offset unreadable, as DeleteRecords does.
     *
     * @param before an offset, or -1 for the high watermark
     * @return the log start from then on; empty if the offset lies past the high watermark
     */
    OptionalLong deleteRecordsBefore(long before) throws IOException;

    /**
     * Where the logs of all live replicas begin at least, as far as the leader was told; -1 while
     * one has not told yet. Empty unless this broker leads.
     */
    OptionalLong lowWatermark();

    /** Wakes the waiter when {@link #lowWatermark} may have reached the offset, perhaps at once. */
    void whenDeleted(long offset, Waiter waiter);

    /** Bytes of all segments. */
    long sizeInBytes();

    /** The first record with a timestamp at or after the given one, in milliseconds. */
    Optional<OffsetAndTimestamp> findByTimestamp(long timestamp);

    /** The record with the largest timestamp (KIP-734). */
    Optional<OffsetAndTimestamp> maxTimestamp();

    /**
     * End offset of the largest leader epoch at or below the given one (KIP-320), as (epoch, end
     * offset); empty when none is known.
     */
    Optional<EpochEndOffset> endOffsetFor(int leaderEpoch);

    /** A leader epoch and the offset after its last record. */
    record EpochEndOffset(int leaderEpoch, long endOffset) {}

    /**
     * Called, on any thread, with each new high watermark of this broker's present tenure as
     * leader, in order and only upwards; once right after the registration.
     */
    interface HighWatermarkListener {
        void onHighWatermark(long highWatermark);
    }

    void addListener(HighWatermarkListener listener);

    void removeListener(HighWatermarkListener listener);
}
