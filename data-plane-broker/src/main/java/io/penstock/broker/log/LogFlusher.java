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
        forced(offset);
    }

    private synchronized void forced(long offset) {
        // A truncation meanwhile: what was forced may have been what was cut off.
        if (endOffset.getAsLong() >= offset) {
            recoveryPoint = Math.max(recoveryPoint, offset);
        }
    }

    /** The log ends at the offset now; told after the end was moved. */
    synchronized void truncated(long offset) {
        recoveryPoint = Math.min(recoveryPoint, offset);
    }

    /** The log is empty and begins at the offset. */
    synchronized void restarted(long offset) {
        recoveryPoint = offset;
    }
}
