package io.penstock.broker.replication;

import io.penstock.broker.log.AbortedTransaction;
import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.DurabilityListener;
import io.penstock.broker.log.LeaderEpochEnd;
import io.penstock.broker.log.LogPosition;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.OffsetAndTimestamp;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a replica needs of a log. Appends, truncations and epochs come from one caller at a time;
 * reads from anybody. The log keeps what it is given and in which epoch; who leads, who follows and
 * what is committed is decided above it.
 */
public interface ReplicaLog {

    TopicPartition topicPartition();

    Uuid topicId();

    /**
     * Appends as the leader of the epoch, all or nothing: gives offsets and the epoch, in place,
     * and checks everything that may be wrong. The buffer's position and limit stay.
     */
    AppendResult append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch);

    /**
     * Appends what a leader has, with its offsets and epochs, all or nothing. Refuses whatever is
     * damaged, and offsets below {@link #end()}. The buffer holds whole batches.
     */
    AppendResult appendReplicated(ByteBuffer batches);

    /** The offset of the next record, and where it will lie. */
    LogPosition end();

    /**
     * How far the log counts as this replica's: its end, or what of it is on disk for good where
     * the topic asks for that. Never past {@link #end()}; falls only by a cut.
     */
    long durableEnd();

    /** Whom to tell that {@link #durableEnd} moved; at most one. */
    void setDurabilityListener(DurabilityListener listener);

    /** Its disk failed: nothing is appended, read or becomes durable any more. */
    boolean isOffline();

    long logStartOffset();

    /** Where the batch lies that holds the offset; the end if no batch does. */
    LogPosition positionOf(long offset) throws IOException;

    /**
     * Whole bytes from the batch on that holds the offset, up to the bound.
     *
     * @param bound a position of this log that {@link #end()} or {@link #positionOf} answered
     * @param minOneBatch whether a first batch larger than {@code maxBytes} comes whole
     * @return empty if there is nothing before the bound; the caller releases the slice
     * @throws IllegalArgumentException if the offset is not in the log (any more)
     */
    Optional<LogSlice> read(long offset, int maxBytes, boolean minOneBatch, LogPosition bound)
            throws IOException;

    /** Notes that a leader's epoch begins at the log's present end. */
    void beginEpoch(int leaderEpoch) throws IOException;

    /** The epoch of the last record, or a later one that began without any; empty if unknown. */
    OptionalInt latestEpoch();

    /** The end of the largest epoch at or below the given one; empty for a later epoch. */
    Optional<LeaderEpochEnd> endOffsetFor(int leaderEpoch);

    /**
     * Removes all batches that end after the offset, and every epoch that begins at the new end or
     * later, also where there is no batch to remove: an epoch that began here without a record may
     * be unknown to the next leader.
     */
    void truncateTo(long offset) throws IOException;

    /** Empties the log; the next record gets the offset. */
    void truncateFullyAndStartAt(long offset) throws IOException;

    /** Records below the offset are no longer read; whether that changed anything. */
    boolean advanceStartOffset(long offset) throws IOException;

    /** Markers below the high watermark are committed: their transactions become stable. */
    void onHighWatermark(long highWatermark);

    /** First offset of the oldest unfinished transaction; the largest long if there is none. */
    long firstUnstableOffset();

    /** Aborted transactions that have records in the range. */
    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset);

    /** The first record at or after the timestamp and below the offset. */
    Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset)
            throws IOException;

    /** The record with the largest timestamp below the offset. */
    Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) throws IOException;

    /** Forces everything up to the present end to disk. */
    void flush() throws IOException;

    /** Takes effect with the next append. */
    void changeSettings(LogSettings changed);

    long sizeInBytes();
}
