package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
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

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLog.class);

    private final LogParameters parameters;
    private final TopicPartition topicPartition;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentSkipListMap<Long, LogSegment> segments;
    private final LeaderEpochs epochs;
    private final ProducerStates producers;
    private final TimestampSearch timestamps;
    private final LogReader reader;
    private final LogFlusher flusher;
    private final SegmentRemoval removal;

    private final Path directory;
    private volatile LogSettings settings;
    private volatile LogPosition end;
    private volatile long logStartOffset;
    private volatile long firstUnstableOffset;
    private LogSegment active;
    private long rollJitter;
    private boolean closed;
    private boolean failed;

    private PartitionLog(LogParameters parameters, LogLoader.Loaded loaded) {
        this.parameters = parameters;
        this.topicPartition = parameters.topicPartition();
        this.clock = parameters.clock();
        this.directory = parameters.directory();
        this.settings = parameters.settings();
        this.segments = loaded.segments();
        this.epochs = loaded.epochs();
        this.producers = loaded.producers();
        this.timestamps = new TimestampSearch(segments, parameters.decompression());
        this.reader = new LogReader(segments);
        this.removal = new SegmentRemoval(directory, segments, parameters.background());
        this.active = segments.lastEntry().getValue();
        this.end = new LogPosition(loaded.endOffset(), active.baseOffset(), active.size());
        this.logStartOffset = Math.max(parameters.logStartOffset(), segments.firstKey());
        long forced =
                parameters.cleanlyClosed()
                        ? loaded.endOffset()
                        : Math.min(parameters.recoveryPoint(), loaded.endOffset());
        this.flusher = new LogFlusher(directory, segments, clock, () -> end.offset(), forced);
    }

    /** Opens the log in the folder, and recovers it if it was not closed cleanly. */
    static PartitionLog open(LogParameters parameters) throws IOException {
        PartitionLog log = new PartitionLog(parameters, new LogLoader(parameters).load());
        log.producers.expire(log.clock.wallMillis(), parameters.producerExpirationMillis());
        log.producers.onHighWatermark(log.end.offset());
        log.firstUnstableOffset = log.producers.firstUnstableOffset();
        log.drawJitter();
        if (log.logStartOffset > log.end.offset()) {
            log.truncateFullyAndStartAt(log.logStartOffset);
        }
        return log;
    }

    /**
     * Appends batches, back to back in the buffer; all or none. Base offsets and leader epochs are
     * patched in place unless they are replicated. The buffer's position and limit stay.
     */
    public AppendResult append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch) {
        LogSettings present = settings;
        long now = clock.wallMillis();
        Refused refused = BatchValidator.validate(batches, origin, present, now);
        if (refused != null) {
            return refused;
        }
        long appendTime = RecordBatchHeader.NO_TIMESTAMP;
        if (present.logAppendTime() && origin != AppendOrigin.REPLICATION) {
            appendTime = now;
            AppendPlan.stamp(batches, now);
        }
        lock.lock();
        try {
            return appendLocked(batches, origin, leaderEpoch, present, now, appendTime);
        } catch (IOException failure) {
            LOG.error("{}: an append failed", topicPartition, failure);
            return new Refused(Reason.STORAGE_ERROR, String.valueOf(failure.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    private AppendResult appendLocked(
            ByteBuffer batches,
            AppendOrigin origin,
            int leaderEpoch,
            LogSettings present,
            long now,
            long appendTime)
            throws IOException {
        if (closed || failed) {
            return new Refused(
                    Reason.STORAGE_ERROR, closed ? "the log is closed" : "the log failed before");
        }
        ProducerStates.Check check = producers.checkAll(batches, origin);
        if (check instanceof ProducerStates.Check.Rejected rejected) {
            return rejected.refused();
        }
        if (check instanceof ProducerStates.Check.Duplicate duplicate) {
            ProducerEntry.Batch batch = duplicate.batch();
            long time = present.logAppendTime() ? batch.timestamp() : -1;
            return new Appended(
                    batch.firstOffset(), batch.lastOffset(), time, logStartOffset, true);
        }
        if (batches.remaining() > present.segmentBytes()) {
            return new Refused(
                    Reason.BATCH_LARGER_THAN_SEGMENT,
                    "%d bytes do not fit into a segment of %d"
                            .formatted(batches.remaining(), present.segmentBytes()));
        }
        AppendPlan plan = AppendPlan.assign(batches, origin, leaderEpoch, end.offset());
        if (plan == null) {
            return new Refused(
                    Reason.INVALID_RECORD,
                    "a replicated offset lies below the log's end " + end.offset());
        }
        long lastOffset = plan.endOffset() - 1;
        if (active.isFull(batches.remaining(), lastOffset, present, now, rollJitter)) {
            roll(plan.baseOffset());
        }
        if (active.size() == 0) {
            active.setCreatedMillis(now);
        }
        active.append(batches, plan, present.indexIntervalBytes());
        try {
            noteAppended(batches);
        } catch (IOException failure) {
            // The batches are in the file: only a restart makes what is known of them whole again.
            failed = true;
            throw failure;
        }
        end = new LogPosition(plan.endOffset(), active.baseOffset(), active.size());
        return new Appended(plan.baseOffset(), lastOffset, appendTime, logStartOffset, false);
    }

    private void noteAppended(ByteBuffer batches) throws IOException {
        for (int at = batches.position(); at < batches.limit(); at = after(batches, at)) {
            OptionalInt latest = epochs.latest();
            int epoch = RecordBatchHeader.leaderEpoch(batches, at);
            if (latest.isEmpty() || epoch > latest.getAsInt()) {
                epochs.assign(epoch, RecordBatchHeader.baseOffset(batches, at));
            }
            AbortedTransaction aborted = producers.apply(batches, at);
            if (aborted != null) {
                active.abortedIndex().append(aborted);
            }
        }
        firstUnstableOffset = producers.firstUnstableOffset();
    }

    /** Begins a new segment at the offset. The old one is forced to disk in the background. */
    private void roll(long baseOffset) throws IOException {
        LogSegment next = LogSegment.create(directory, baseOffset, clock.wallMillis());
        LogSegment full = active;
        full.seal();
        producers.expire(clock.wallMillis(), parameters.producerExpirationMillis());
        ProducerSnapshot.write(LogFiles.snapshot(directory, baseOffset), producers.entries());
        segments.put(baseOffset, next);
        active = next;
        end = new LogPosition(end.offset(), baseOffset, 0);
        drawJitter();
        parameters.background().later(0, this::flushSealed);
    }

    private void drawJitter() {
        long most = Math.min(settings.segmentJitterMillis(), settings.segmentMillis());
        rollJitter = most <= 0 ? 0 : ThreadLocalRandom.current().nextLong(most);
    }

    private void flushSealed() {
        try {
            flusher.flushTo(end.segmentBaseOffset());
        } catch (IOException | UncheckedIOException failure) {
            LOG.error("{}: a closed segment was not forced to disk", topicPartition, failure);
        }
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
        return reader.read(offset, logStartOffset, maxBytes, minOneBatch, bound);
    }

    /** Where the batch lies that holds the offset; the end if no batch does. */
    public LogPosition positionOf(long offset) throws IOException {
        return reader.positionOf(offset, end);
    }

    /** The first record at or after the timestamp and below the offset. */
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset)
            throws IOException {
        return timestamps.find(timestamp, logStartOffset, belowOffset);
    }

    /** The record with the largest timestamp below the offset. */
    public Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) throws IOException {
        return timestamps.largest(logStartOffset, belowOffset);
    }

    /** Aborted transactions that have records in the range. */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return reader.abortedTransactions(fromOffset, toOffset);
    }

    /** Notes that a leader's epoch begins at the log's present end. */
    public void beginEpoch(int leaderEpoch) throws IOException {
        lock.lock();
        try {
            epochs.assign(leaderEpoch, end.offset());
        } finally {
            lock.unlock();
        }
    }

    /** The end of the largest epoch at or below the given one (KIP-320): epoch, then end offset. */
    public Optional<LeaderEpochEnd> endOffsetFor(int leaderEpoch) {
        return epochs.endOffsetFor(leaderEpoch, end.offset());
    }

    public OptionalInt latestEpoch() {
        return epochs.latest();
    }

    /** Markers below the high watermark are committed: their transactions become stable. */
    public void onHighWatermark(long highWatermark) {
        if (firstUnstableOffset == Long.MAX_VALUE) {
            return;
        }
        lock.lock();
        try {
            producers.onHighWatermark(highWatermark);
            firstUnstableOffset = producers.firstUnstableOffset();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes all batches that end after the offset, and every epoch that begins at the new end or
     * later: also one that began here without a record, which the next leader may not know.
     */
    public void truncateTo(long offset) throws IOException {
        lock.lock();
        try {
            if (offset >= end.offset()) {
                epochs.truncateFromEnd(end.offset());
                return;
            }
            if (offset <= segments.firstKey()) {
                truncateFullyAndStartAt(offset);
                return;
            }
            LogSegment last = segments.floorEntry(offset).getValue();
            for (LogSegment later :
                    List.copyOf(segments.tailMap(last.baseOffset(), false).values())) {
                removal.remove(later, settings.fileDeleteDelayMillis());
            }
            int start = last.offsetIndex().positionBefore(offset);
            SegmentCursor cursor = SegmentCursor.over(last, start, last.size());
            long newEnd = offset;
            if (cursor.seek(offset)) {
                newEnd = Math.min(offset, cursor.baseOffset());
                last.truncateTo(cursor.position(), newEnd);
            }
            active = last;
            end = new LogPosition(newEnd, last.baseOffset(), last.size());
            flusher.truncated(newEnd);
            logStartOffset = Math.min(logStartOffset, newEnd);
            epochs.truncateFromEnd(newEnd);
            new LogLoader.ProducerRecovery(directory, segments, producers).rebuild(newEnd);
            producers.onHighWatermark(newEnd);
            firstUnstableOffset = producers.firstUnstableOffset();
        } finally {
            lock.unlock();
        }
    }

    /** Empties the log; the next record gets the offset. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        lock.lock();
        try {
            for (LogSegment segment : List.copyOf(segments.values())) {
                removal.remove(segment, settings.fileDeleteDelayMillis());
            }
            removal.removeSnapshots();
            active = LogSegment.create(directory, offset, clock.wallMillis());
            segments.put(offset, active);
            epochs.clear();
            producers.clear();
            firstUnstableOffset = producers.firstUnstableOffset();
            logStartOffset = offset;
            end = new LogPosition(offset, offset, 0);
            flusher.restarted(offset);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records below the offset are no longer read (DeleteRecords); whether that changed anything.
     */
    public boolean advanceStartOffset(long offset) throws IOException {
        lock.lock();
        try {
            if (offset <= logStartOffset) {
                return false;
            }
            logStartOffset = Math.min(offset, end.offset());
            epochs.truncateFromStart(logStartOffset);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes the oldest segments that retention or the start offset lets go of.
     *
     * @param highWatermark nothing at or above it is deleted
     * @return the number of segments deleted
     */
    public int deleteOldSegments(long highWatermark) throws IOException {
        lock.lock();
        try {
            int deletable =
                    Retention.deletable(
                            List.copyOf(segments.values()),
                            settings,
                            clock.wallMillis(),
                            Math.min(highWatermark, end.offset()),
                            end.offset(),
                            logStartOffset);
            if (deletable == 0 || closed) {
                return 0;
            }
            if (deletable == segments.size()) {
                roll(end.offset());
            }
            List<LogSegment> doomed = List.copyOf(segments.values()).subList(0, deletable);
            logStartOffset =
                    Math.max(logStartOffset, segments.higherKey(doomed.getLast().baseOffset()));
            epochs.truncateFromStart(logStartOffset);
            for (LogSegment segment : doomed) {
                removal.remove(segment, settings.fileDeleteDelayMillis());
                Files.deleteIfExists(LogFiles.snapshot(directory, segment.baseOffset()));
            }
            return deletable;
        } finally {
            lock.unlock();
        }
    }

    /** Forces everything up to the present end to disk. */
    public void flush() throws IOException {
        flusher.flushTo(end.offset());
    }

    /** Forces to disk if flush.messages or flush.ms asks for it; whether it did. */
    public boolean flushIfDue() throws IOException {
        return flusher.flushIfDue(settings);
    }

    /** Writes a snapshot, forces everything to disk and closes the files. */
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            active.seal();
            if (end.offset() > 0) {
                ProducerSnapshot.write(
                        LogFiles.snapshot(directory, end.offset()), producers.entries());
            }
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
            if (closed) {
                return;
            }
            closed = true;
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
        return directory;
    }

    public LogSettings settings() {
        return settings;
    }

    /** Takes effect with the next append, flush or retention. */
    public void changeSettings(LogSettings changed) {
        settings = changed;
    }

    /** The offset of the next record, and where it will lie. */
    public LogPosition end() {
        return end;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    /** Everything below it was forced to disk. */
    public long recoveryPoint() {
        return flusher.recoveryPoint();
    }

    /** First offset of the oldest unfinished transaction; the largest long if there is none. */
    public long firstUnstableOffset() {
        return firstUnstableOffset;
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

    private static int after(ByteBuffer batches, int at) {
        return at + (int) RecordBatchHeader.sizeInBytes(batches, at);
    }
}
