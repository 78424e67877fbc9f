package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.function.LongSupplier;

/**
 * Forces a log to disk and knows how far that went. Works without the log's lock, so that appends
 * go on while the disk works.
 */
final class LogFlusher {

    private final Path directory;
    private final NavigableMap<Long, LogSegment> segments;
    private final Clock clock;
    private final LongSupplier endOffset;
    private volatile long recoveryPoint;
    private volatile long lastFlushMillis;
    private volatile long cuts;
    private volatile boolean folderForced;

    LogFlusher(
            Path directory,
            NavigableMap<Long, LogSegment> segments,
            Clock clock,
            LongSupplier endOffset,
            long recoveryPoint) {
        this.directory = directory;
        this.segments = segments;
        this.clock = clock;
        this.endOffset = endOffset;
        this.recoveryPoint = recoveryPoint;
        this.lastFlushMillis = clock.monotonicMillis();
    }

    /** Everything below it was forced to disk. */
    long recoveryPoint() {
        return recoveryPoint;
    }

    /** Whether flush.messages or flush.ms asked for it. */
    boolean flushIfDue(LogSettings settings) throws IOException {
        long end = endOffset.getAsLong();
        long unflushed = end - recoveryPoint;
        long elapsed = clock.monotonicMillis() - lastFlushMillis;
        if (unflushed > 0
                && (unflushed >= settings.flushMessages() || elapsed >= settings.flushMillis())) {
            flushTo(end);
            return true;
        }
        return false;
    }

    void flushTo(long offset) throws IOException {
        long from = recoveryPoint;
        if (offset <= from) {
            return;
        }
        lastFlushMillis = clock.monotonicMillis();
        long generation = cuts;
        Long first = segments.floorKey(from);
        for (LogSegment segment :
                segments.subMap(first == null ? 0L : first, true, offset, false).values()) {
            if (segment.retain()) {
                try {
                    segment.force();
                } finally {
                    segment.release();
                }
            }
        }
        LogFiles.forceDirectory(directory);
        forced(offset, generation);
    }

    /** Makes the batches from the offset on durable, without their indexes. */
    void forceData(long from) throws IOException {
        Long first = segments.floorKey(from);
        boolean created = false;
        for (LogSegment segment : segments.tailMap(first == null ? 0L : first, true).values()) {
            // What is not there any more was deleted, or replaced by a segment that was forced.
            if (segment.retain()) {
                try {
                    segment.forceData();
                    created |= segment.baseOffset() >= from;
                } finally {
                    segment.release();
                }
            }
        }
        if (!folderForced) {
            forceFolder();
        } else if (created) {
            // A file that was made meanwhile is only there for good when its folder says so.
            LogFiles.forceDirectory(directory);
        }
    }

    /** A start must find the folder, and in it whose it is, or it does not take it for this log. */
    private void forceFolder() throws IOException {
        LogFiles.force(directory.resolve(LogFiles.METADATA));
        LogFiles.forceDirectory(directory);
        LogFiles.forceDirectory(directory.toAbsolutePath().getParent());
        folderForced = true;
    }

    private synchronized void forced(long offset, long generation) {
        // A cut meanwhile: what was forced may have been what was cut off.
        if (generation == cuts) {
            recoveryPoint = Math.max(recoveryPoint, offset);
        }
    }

    /** The log ends at the offset now; told after the end was moved. */
    synchronized void truncated(long offset) {
        cuts++;
        recoveryPoint = Math.min(recoveryPoint, offset);
    }

    /** The log is empty and begins at the offset. */
    synchronized void restarted(long offset) {
        cuts++;
        recoveryPoint = offset;
    }
}
