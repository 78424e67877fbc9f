package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one partition on disk, in Kafka's file formats.
 *
 * <p>Writers take the lock; readers do not. An append writes behind the last byte and only then
 * publishes the new {@link #end()}, which is all that readers look at: what a failed write left
 * behind is overwritten by the next one. The log knows nothing of leaders and followers; how far a
 * reader may see is told by the caller.
 */
public final class PartitionLog {

    private final LogParameters parameters;
    private final TopicPartition topicPartition;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentSkipListMap<Long, LogSegment> segments;
    private final LeaderEpochs epochs;
    private final LogTrimming.LogStart start;
    private final LogWriter writer;
    private final TimestampSearch timestamps;
    private final LogReader reader;
    private final LogAvailability availability;
    private final LogTrimming trimming;
    private final LogDurability durability;
    private final CompactableLog compactable;

    private volatile LogSettings settings;

    private PartitionLog(LogParameters parameters, LogLoader.Loaded loaded) {
        this.parameters = parameters;
        this.topicPartition = parameters.topicPartition();
        this.clock = parameters.clock();
        this.settings = parameters.settings();
        this.segments = loaded.segments();
        this.epochs = loaded.epochs();
        this.start =
                new LogTrimming.LogStart(
                        Math.max(parameters.logStartOffset(), segments.firstKey()));
        this.writer = new LogWriter(parameters, loaded, start::offset);
        this.timestamps = new TimestampSearch(segments, parameters.decompression());
        this.reader = new LogReader(segments);
        this.availability = new LogAvailability(parameters);
        this.durability =
                new LogDurability(
                        parameters.background(), writer, availability, () -> this.settings);
        this.compactable =
                new CompactableLog(this, lock, segments, writer, parameters.cleanedOffset());
        this.trimming =
                new LogTrimming(
                        parameters, loaded, writer, start, () -> this.settings, this::wasCut);
    }

    /** Opens the log in the folder, and recovers it if it was not closed cleanly. */
    static PartitionLog open(LogParameters parameters) throws IOException {
        PartitionLog log = new PartitionLog(parameters, new LogLoader(parameters).load());
        if (log.logStartOffset() > log.end().offset()) {
            log.truncateFullyAndStartAt(log.logStartOffset());
        }
        log.durability.forceIfAsked();
        return log;
    }

    /**
     * Appends batches, back to back in the buffer; all or none, but for replicated ones. Base
     * offsets and leader epochs are patched in place unless they are replicated. The buffer's
     * position and limit stay.
     *
     * <p>Replicated batches may leave gaps, as compaction does, but must ascend; those of an epoch
     * later than the given one are left out with all that follow them.
     *
     * @param leaderEpoch epoch of the leader that appends, or that the batches were fetched from;
     *     with -1 no replicated batch is left out
     */
    public AppendResult append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch) {
        LogSettings present = settings;
        long now = clock.wallMillis();
        Refused refused = BatchValidator.validate(batches, origin, present, now);
        if (refused != null) {
            return refused;
        }
        boolean replicated = origin == AppendOrigin.REPLICATION;
        long appendTime = RecordBatchHeader.NO_TIMESTAMP;
        if (present.logAppendTime() && !replicated) {
            appendTime = now;
            AppendPlan.stamp(batches, now);
        }
        AppendResult result;
        lock.lock();
        try {
            if (!availability.isUsable()) {
                return new Refused(Reason.STORAGE_ERROR, availability.whyNotWritten());
            }
            result =
                    replicated
                            ? writer.appendReplicated(batches, leaderEpoch, present, now)
                            : writer.append(batches, origin, leaderEpoch, present, now, appendTime);
            availability.appendWorked();
        } catch (IOException | UncheckedIOException failure) {
            availability.appendFailed(failure);
            return new Refused(Reason.STORAGE_ERROR, String.valueOf(failure.getMessage()));
        } finally {
            lock.unlock();
        }
        durability.forceIfAsked();
        return result;
    }

    /**
     * Whole bytes from the batch on that holds the offset, up to the bound.
     *
     * @param bound a position of this log that {@link #end()} or {@link #positionOf} answered
     * @param minOneBatch whether a first batch larger than {@code maxBytes} comes whole
     * @return empty if there is nothing before the bound; the caller releases the slice
     * @throws IllegalArgumentException if the offset is not in the log (any more)
     */
    public Optional<LogSlice> read(
            long offset, int maxBytes, boolean minOneBatch, LogPosition bound) throws IOException {
        availability.checkOnline();
        try {
            return reader.read(offset, logStartOffset(), maxBytes, minOneBatch, bound);
        } catch (IOException failure) {
            throw availability.reported(failure);
        }
    }

    IOException reported(IOException failure) {
        return availability.reported(failure);
    }

    /** Where the batch lies that holds the offset; the end if no batch does. */
    public LogPosition positionOf(long offset) throws IOException {
        return reader.positionOf(offset, end());
    }

    /** The first record at or after the timestamp and below the offset. */
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset)
            throws IOException {
        return timestamps.find(timestamp, logStartOffset(), belowOffset);
    }

    /** The record with the largest timestamp below the offset. */
    public Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) throws IOException {
        return timestamps.largest(logStartOffset(), belowOffset);
    }

    /** Aborted transactions that have records in the range. */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return reader.abortedTransactions(fromOffset, toOffset);
    }

    /** Notes that a leader's epoch begins at the log's present end. */
    public void beginEpoch(int leaderEpoch) throws IOException {
        lock.lock();
        try {
            epochs.begin(leaderEpoch, end().offset());
        } finally {
            lock.unlock();
        }
    }

    /** The end of the largest epoch at or below the given one (KIP-320): epoch, then end offset. */
    public Optional<LeaderEpochEnd> endOffsetFor(int leaderEpoch) {
        return epochs.endOffsetFor(leaderEpoch, end().offset());
    }

    public OptionalInt latestEpoch() {
        return epochs.latest();
    }

    /**
     * Markers below the high watermark are committed: their transactions become stable. An opened
     * log knows of none until it is told.
     */
    public void onHighWatermark(long highWatermark) {
        lock.lock();
        try {
            writer.onHighWatermark(highWatermark);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes all batches that end after the offset; one that begins before it goes whole, so that
     * the log may end before it. Epochs that begin at the new end or later go in any case: also one
     * that began here without a record, which the next leader may not know.
     */
    public void truncateTo(long offset) throws IOException {
        trim(
                () -> {
                    trimming.truncateTo(offset);
                    return true;
                });
    }

    /** Empties the log; the next record gets the offset. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        trim(
                () -> {
                    trimming.restartAt(offset);
                    return true;
                });
    }

    private void wasCut(long newEnd) {
        compactable.truncated(newEnd);
        durability.truncated(newEnd);
    }

    /**
     * Records below the offset are no longer read (DeleteRecords, or the leader's log start);
     * whether that changed anything.
     */
    public boolean advanceStartOffset(long offset) throws IOException {
        return trim(() -> trimming.advanceStart(offset));
    }

    /**
     * Deletes the oldest segments that retention or the start offset lets go of.
     *
     * @param highWatermark nothing at or above it is deleted
     * @return the number of segments deleted
     */
    public int deleteOldSegments(long highWatermark) throws IOException {
        if (!availability.isUsable()) {
            return 0;
        }
        return trim(() -> availability.isClosed() ? 0 : trimming.deleteOldSegments(highWatermark));
    }

    private interface Trim<T> {
        T run() throws IOException;
    }

    private <T> T trim(Trim<T> trim) throws IOException {
        lock.lock();
        try {
            availability.checkOnline();
            return trim.run();
        } catch (IOException failure) {
            throw availability.reported(failure);
        } finally {
            lock.unlock();
        }
    }

    /** What compaction sees of this log. */
    CompactableLog compactable() {
        return compactable;
    }

    /** Forces everything up to the present end to disk. */
    public void flush() throws IOException {
        durability.flush();
    }

    /** Forces to disk if flush.messages or flush.ms asks for it; whether it did. */
    public boolean flushIfDue() throws IOException {
        return durability.flushIfDue();
    }

    /** Whom to tell that {@link #durableEnd} moved; at most one. */
    public void setDurabilityListener(DurabilityListener listener) {
        durability.setListener(listener);
    }

    /**
     * How far the log counts as this replica's: its end, or with {@code flush.messages=1} only what
     * is on disk for good. A leader takes it for its own log end in the high watermark; a follower
     * must not tell the leader of more than this.
     */
    public long durableEnd() {
        return durability.durableEnd();
    }

    /** The directory of this log failed: appends are refused and reads fail from now on. */
    void goOffline() {
        availability.goOffline();
        durability.goOffline();
    }

    public boolean isOffline() {
        return availability.isOffline();
    }

    boolean isClosed() {
        return availability.isClosed();
    }

    /** Makes the folder and the files of a log that nothing was written to yet. */
    void makeFiles() throws IOException {
        lock.lock();
        try {
            if (!isClosed() && !isOffline()) {
                writer.makeFiles();
            }
        } catch (IOException failure) {
            throw reported(failure);
        } finally {
            lock.unlock();
        }
    }

    /** Writes a snapshot, forces everything to disk and closes the files. */
    public void close() throws IOException {
        lock.lock();
        try {
            if (!availability.close()) {
                return;
            }
            writer.seal(settings);
        } finally {
            lock.unlock();
        }
        flush();
        release();
    }

    /** Closes the files as they are, before the folder is deleted or set aside. */
    void abandon() throws IOException {
        lock.lock();
        try {
            if (!availability.close()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        release();
    }

    private void release() throws IOException {
        for (LogSegment segment : segments.values()) {
            segment.release();
        }
    }

    public TopicPartition topicPartition() {
        return topicPartition;
    }

    public Uuid topicId() {
        return parameters.topicId();
    }

    public Path directory() {
        return parameters.directory();
    }

    public LogSettings settings() {
        return settings;
    }

    /** Takes effect with the next append, flush or retention. */
    public void changeSettings(LogSettings changed) {
        settings = changed;
        durability.forceIfAsked();
    }

    /** The offset of the next record, and where it will lie. */
    public LogPosition end() {
        return writer.end();
    }

    public long logStartOffset() {
        return start.offset();
    }

    /** Everything below it was forced to disk. */
    public long recoveryPoint() {
        return durability.recoveryPoint();
    }

    /**
     * First offset of the oldest unfinished transaction, or the log start if that lies behind it;
     * the largest long if there is none.
     */
    public long firstUnstableOffset() {
        return Math.max(writer.firstUnstableOffset(), logStartOffset());
    }

    public long sizeInBytes() {
        long size = 0;
        for (LogSegment segment : segments.values()) {
            size += segment.size();
        }
        return size;
    }

    public int segmentCount() {
        return segments.size();
    }
}
