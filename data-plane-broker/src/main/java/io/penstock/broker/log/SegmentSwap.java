package io.penstock.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;

/**
 * Puts a compacted segment in the place of those that it was made from, so that a crash at any
 * point leaves the one or the others:
 *
 * <ol>
 *   <li>{@code .cleaned}: being written. A start removes it.
 *   <li>{@code .swap}: whole and on disk for good. From here on a start finishes the exchange.
 *   <li>The old files are renamed to {@code .deleted}.
 *   <li>{@code .swap} loses its suffix.
 * </ol>
 */
final class SegmentSwap {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentSwap.class);

    private final Path directory;
    private final NavigableMap<Long, LogSegment> segments;
    private final SegmentRemoval removal;

    SegmentSwap(Path directory, NavigableMap<Long, LogSegment> segments, SegmentRemoval removal) {
        this.directory = directory;
        this.segments = segments;
        this.removal = removal;
    }

    /**
     * @param old segments of the log, side by side, none of them written to any more
     * @param cleaned their replacement, sealed and forced, whose files end in {@code .cleaned}
     */
    void swap(List<LogSegment> old, LogSegment cleaned, long deleteDelayMillis) throws IOException {
        long base = cleaned.baseOffset();
        LogSegment.changeSuffix(directory, base, LogFiles.CLEANED, LogFiles.SWAP);
        LogFiles.forceDirectory(directory);
        for (LogSegment segment : old) {
            segment.markDeleted();
        }
        LogSegment.changeSuffix(directory, base, LogFiles.SWAP, "");
        LogSegment replacement = LogSegment.open(directory, base);
        if (!replacement.loadIndexes(true)) {
            replacement.release();
            throw new IOException(replacement.path() + ": its indexes are not whole");
        }
        replacement.markReplacement();
        cleaned.release();
        // Readers look without a lock: first the new one is there, then the others go.
        segments.put(base, replacement);
        for (LogSegment segment : old) {
            if (segment.baseOffset() != base) {
                segments.remove(segment.baseOffset());
                Files.deleteIfExists(LogFiles.snapshot(directory, segment.baseOffset()));
            }
            removal.letGo(segment, deleteDelayMillis);
        }
    }

    /**
     * Finishes, at a start, an exchange that a crash stopped. An original that begins after the
     * last batch of its replacement is not told from the log's next segment: it stays and is
     * compacted again. Nothing that was overwritten comes back to life by that, since originals go
     * from the oldest on.
     */
    static void recover(Path directory) throws IOException {
        for (long base : LogFiles.offsetsOf(directory, LogFiles.LOG + LogFiles.SWAP)) {
            long end = endOf(directory, base);
            for (long old : LogFiles.offsetsOf(directory, LogFiles.LOG)) {
                if (old > base && old < end) {
                    LogSegment.removeFiles(directory, old, "");
                }
            }
            LogSegment.changeSuffix(directory, base, LogFiles.SWAP, "");
            LOG.info("{}: the compacted segment {} takes its place", directory, base);
        }
    }

    /** The offset after the last batch in the swap file. */
    private static long endOf(Path directory, long base) throws IOException {
        LogSegment swap = LogSegment.open(directory, base, LogFiles.SWAP);
        try {
            SegmentCursor cursor = SegmentCursor.over(swap, 0, swap.size());
            long end = base;
            while (cursor.hasBatch()) {
                end = cursor.lastOffset() + 1;
                cursor.next();
            }
            return end;
        } finally {
            swap.release();
        }
    }
}
