package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The end of a log: appends, rolls and cuts. Guarded by the log's lock; only the volatile fields
 * are read without it. What lies on disk behind {@link #end} was never published: after a failure
 * it is cut off, and indexes, epochs and producers are made fit again before anything else is
 * written.
 */
final class LogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private final LogParameters parameters;
    private final Path directory;
    private final LogFolder folder;
    private final Clock clock;
    private final ConcurrentSkipListMap<Long, LogSegment> segments;
    private final LeaderEpochs epochs;
    private final ProducerStates producers;
    private final LogFlusher flusher;
    private final SegmentRemoval removal;
    private final LongSupplier logStartOffset;

    private volatile LogPosition end;
    private volatile long firstUnstableOffset;
    private LogSegment active;
    private long rollJitter;

    /** As far as it was told: markers at or past it may not be committed. */
    private long highWatermark;

    private boolean unsound;

    LogWriter(LogParameters parameters, LogLoader.Loaded loaded, LongSupplier logStartOffset) {
        this.logStartOffset = logStartOffset;
        this.parameters = parameters;
        this.directory = parameters.directory();
        this.folder = loaded.folder();
        this.clock = parameters.clock();
        this.segments = loaded.segments();
        this.epochs = loaded.epochs();
        this.producers = loaded.producers();
        this.removal = new SegmentRemoval(directory, segments, parameters.background());
        this.active = segments.lastEntry().getValue();
        this.end = new LogPosition(loaded.endOffset(), active.baseOffset(), active.size());
        long forced =
                parameters.cleanlyClosed()
                        ? loaded.endOffset()
                        : Math.min(parameters.recoveryPoint(), loaded.endOffset());
        this.flusher = new LogFlusher(directory, segments, clock, () -> end.offset(), forced);
        producers.expire(clock.wallMillis(), parameters.producerExpirationMillis());
        firstUnstableOffset = producers.firstUnstableOffset();
        drawJitter(parameters.settings());
    }

    LogPosition end() {
        return end;
    }

    long firstUnstableOffset() {
        return firstUnstableOffset;
    }

    LogFlusher flusher() {
        return flusher;
    }

    LogSegment active() {
        return active;
    }

    ProducerStates producers() {
        return producers;
    }

    /** Gives the batches the next offsets and the epoch, and writes all of them or none. */
    AppendResult append(
            ByteBuffer batches,
            AppendOrigin origin,
            int leaderEpoch,
            LogSettings settings,
            long nowMillis,
            long appendTime)
            throws IOException {
        makeSound(settings);
        ProducerStates.Check check = producers.checkAll(batches, origin);
        if (check instanceof ProducerStates.Check.Rejected rejected) {
            return rejected.refused();
        }
        if (check instanceof ProducerStates.Check.Duplicate duplicate) {
            ProducerEntry.Batch batch = duplicate.batch();
            long time = settings.logAppendTime() ? batch.timestamp() : -1;
            return new Appended(
                    batch.firstOffset(),
                    batch.lastOffset(),
                    time,
                    logStartOffset.getAsLong(),
                    true);
        }
        if (batches.remaining() > settings.segmentBytes()) {
            return new Refused(
                    Reason.BATCH_LARGER_THAN_SEGMENT,
                    "%d bytes do not fit into a segment of %d"
                            .formatted(batches.remaining(), settings.segmentBytes()));
        }
        AppendPlan plan = AppendPlan.assign(batches, origin, leaderEpoch, end.offset());
        write(batches, plan, settings, nowMillis);
        return new Appended(
                plan.baseOffset(),
                plan.endOffset() - 1,
                appendTime,
                logStartOffset.getAsLong(),
                false);
    }

    /**
     * Writes a leader's batches as they are, up to the first one of an epoch later than that of the
     * leader they were fetched from: it was appended after this leader lost its office
     * (KAFKA-18723). Each segment's share is whole or not there; a failure may leave the first
     * ones.
     */
    AppendResult appendReplicated(
            ByteBuffer batches, int leaderEpoch, LogSettings settings, long nowMillis)
            throws IOException {
        makeSound(settings);
        int first = batches.position();
        int limit = batches.limit();
        try {
            batches.limit(ReplicatedRun.endOfKnownEpochs(batches, leaderEpoch));
            long firstOffset = end.offset();
            if (batches.hasRemaining()) {
                if (AppendPlan.assign(batches, AppendOrigin.REPLICATION, leaderEpoch, firstOffset)
                        == null) {
                    return new Refused(
                            Reason.INVALID_RECORD,
                            "a replicated offset lies below the log's end " + firstOffset);
                }
                firstOffset = RecordBatchHeader.baseOffset(batches, first);
            }
            int known = batches.limit();
            for (int at = first; at < known; at = batches.limit()) {
                batches.limit(known).position(at);
                batches.limit(ReplicatedRun.endOfSegmentShare(batches, settings.segmentBytes()));
                AppendPlan plan =
                        AppendPlan.assign(
                                batches, AppendOrigin.REPLICATION, leaderEpoch, end.offset());
                write(batches, plan, settings, nowMillis);
            }
            return new Appended(
                    firstOffset, end.offset() - 1, -1, logStartOffset.getAsLong(), false);
        } finally {
            batches.limit(limit).position(first);
        }
    }

    private void write(ByteBuffer batches, AppendPlan plan, LogSettings settings, long nowMillis)
            throws IOException {
        if (active.isFull(batches.remaining(), plan, settings, nowMillis, rollJitter)) {
            roll(plan.baseOffset(), settings);
        }
        if (active.size() == 0) {
            active.setCreatedMillis(nowMillis);
        }
        active.write(batches);
        unsound = true;
        active.noteWritten(batches, settings.indexIntervalBytes());
        noteAppended(batches);
        end = new LogPosition(plan.endOffset(), active.baseOffset(), active.size());
        unsound = false;
    }

    private void noteAppended(ByteBuffer batches) throws IOException {
        for (int at = batches.position(); at < batches.limit(); ) {
            epochs.assign(
                    RecordBatchHeader.leaderEpoch(batches, at),
                    RecordBatchHeader.baseOffset(batches, at));
            AbortedTransaction aborted = producers.apply(batches, at);
            if (aborted != null) {
                active.abortedIndex().append(aborted);
            }
            at += (int) RecordBatchHeader.sizeInBytes(batches, at);
        }
        firstUnstableOffset = producers.firstUnstableOffset();
    }

    /** Begins a new segment at the offset. The old one is forced to disk in the background. */
    void roll(long baseOffset, LogSettings settings) throws IOException {
        makeSound(settings);
        LogSegment next = LogSegment.create(directory, baseOffset, clock.wallMillis());
        try {
            active.seal();
            producers.expire(clock.wallMillis(), parameters.producerExpirationMillis());
            ProducerSnapshot.write(LogFiles.snapshot(directory, baseOffset), producers.entries());
        } catch (IOException | RuntimeException failure) {
            next.release();
            LogSegment.removeFiles(directory, baseOffset, "");
            throw failure;
        }
        segments.put(baseOffset, next);
        active = next;
        end = new LogPosition(end.offset(), baseOffset, 0);
        drawJitter(settings);
        parameters.background().later(0, this::flushSealed);
    }

    private void drawJitter(LogSettings settings) {
        long most = Math.min(settings.segmentJitterMillis(), settings.segmentMillis());
        rollJitter = most <= 0 ? 0 : ThreadLocalRandom.current().nextLong(most);
    }

    private void flushSealed() {
        try {
            flusher.flushTo(end.segmentBaseOffset());
        } catch (IOException | UncheckedIOException failure) {
            LOG.error("{}: a closed segment was not forced to disk", directory, failure);
            parameters.failures().onForceFailure(parameters.topicPartition(), directory, failure);
        }
    }

    /** Removes all batches that end at or after the offset, which lies in the log. */
    void truncateTo(long offset, LogSettings settings) throws IOException {
        LogSegment last = segments.floorEntry(offset).getValue();
        int start = last.offsetIndex().positionBefore(offset);
        SegmentCursor cursor = SegmentCursor.over(last, start, sizeOf(last));
        long newEnd = offset;
        int position = sizeOf(last);
        if (cursor.seek(offset)) {
            newEnd = Math.min(offset, cursor.baseOffset());
            position = cursor.position();
        }
        cut(last, position, newEnd, settings);
    }

    private int sizeOf(LogSegment segment) {
        LogPosition present = end;
        return segment.baseOffset() == present.segmentBaseOffset()
                ? present.position()
                : segment.size();
    }

    private void makeSound(LogSettings settings) throws IOException {
        if (unsound) {
            LogPosition present = end;
            LogSegment last = segments.get(present.segmentBaseOffset());
            cut(last, present.position(), present.offset(), settings);
            LOG.info("{}: the log is whole again up to offset {}", directory, present.offset());
        }
    }

    private void cut(LogSegment last, int position, long newEnd, LogSettings settings)
            throws IOException {
        unsound = true;
        for (LogSegment later : List.copyOf(segments.tailMap(last.baseOffset(), false).values())) {
            removal.remove(later, settings.fileDeleteDelayMillis());
        }
        last.truncateTo(position, newEnd);
        active = last;
        end = new LogPosition(newEnd, last.baseOffset(), last.size());
        flusher.truncated(newEnd);
        epochs.truncateFromEnd(newEnd);
        new ProducerRecovery(directory, segments, producers)
                .rebuild(logStartOffset.getAsLong(), newEnd);
        highWatermark = Math.min(highWatermark, newEnd);
        producers.onHighWatermark(highWatermark);
        firstUnstableOffset = producers.firstUnstableOffset();
        unsound = false;
    }

    /** Removes so many of the oldest segments; the offset of the first record that is left. */
    long removeOldest(int count, LogSettings settings) throws IOException {
        if (count == segments.size()) {
            roll(end.offset(), settings);
        }
        for (LogSegment segment : List.copyOf(segments.values()).subList(0, count)) {
            removal.remove(segment, settings.fileDeleteDelayMillis());
            Files.deleteIfExists(LogFiles.snapshot(directory, segment.baseOffset()));
        }
        return segments.firstKey();
    }

    /** Makes the files of a log that nothing was written to yet. */
    void makeFiles() throws IOException {
        active.make();
    }

    /** Empties the log; the next record gets the offset. */
    void restartAt(long offset, LogSettings settings) throws IOException {
        folder.make();
        for (LogSegment segment : List.copyOf(segments.values())) {
            removal.remove(segment, settings.fileDeleteDelayMillis());
        }
        removal.removeSnapshots();
        active = LogSegment.create(directory, offset, clock.wallMillis());
        segments.put(offset, active);
        epochs.clear();
        producers.clear();
        firstUnstableOffset = producers.firstUnstableOffset();
        end = new LogPosition(offset, offset, 0);
        flusher.restarted(offset);
        unsound = false;
    }

    /** Markers below the high watermark are committed: their transactions become stable. */
    void onHighWatermark(long reached) {
        highWatermark = reached;
        producers.onHighWatermark(reached);
        firstUnstableOffset = producers.firstUnstableOffset();
    }

    /** Ends writing: the files are complete after this, though perhaps not on disk for good. */
    void seal(LogSettings settings) throws IOException {
        makeSound(settings);
        if (active.size() > 0) {
            active.seal();
        }
        if (end.offset() > 0) {
            ProducerSnapshot.write(LogFiles.snapshot(directory, end.offset()), producers.entries());
        }
    }

    SegmentRemoval removal() {
        return removal;
    }
}
