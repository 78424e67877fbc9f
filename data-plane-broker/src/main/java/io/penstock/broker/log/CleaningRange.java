package io.penstock.broker.log;

import java.util.List;

/**
 * Which part of a log a cleaning covers, and how much it is worth.
 *
 * @param firstDirtyOffset everything below it was cleaned before
 * @param endOffset begin of the first segment that must not be cleaned yet
 * @param cleanBytes bytes of segments that were cleaned before
 * @param dirtyBytes bytes that the cleaning adds
 * @param overdue whether max.compaction.lag.ms asks for it now
 */
record CleaningRange(
        long firstDirtyOffset, long endOffset, long cleanBytes, long dirtyBytes, boolean overdue) {

    /** Dirty share of all bytes that the cleaning would read. */
    double dirtyRatio() {
        long total = cleanBytes + dirtyBytes;
        return total == 0 ? 0 : (double) dirtyBytes / total;
    }

    boolean isDue(CompactionSettings settings) {
        return dirtyBytes > 0 && (overdue || dirtyRatio() > settings.minDirtyRatio());
    }

    /**
     * @param segments all segments in their order, the last one being the active one
     * @param cleanedOffset where the last cleaning ended, or -1
     * @param stableOffset last stable offset, which is never past the high watermark
     */
    static CleaningRange of(
            List<LogSegment> segments,
            CompactionSettings settings,
            long logStartOffset,
            long logEndOffset,
            long cleanedOffset,
            long stableOffset,
            long nowMillis) {
        // A checkpoint past the end speaks of records that a truncation took away.
        boolean known = cleanedOffset >= logStartOffset && cleanedOffset <= logEndOffset;
        long firstDirty = known ? cleanedOffset : logStartOffset;
        long limit = Math.min(stableOffset, segments.getLast().baseOffset());
        long earliest = Long.MAX_VALUE;
        for (int i = indexOf(segments, firstDirty); i < segments.size() - 1; i++) {
            LogSegment segment = segments.get(i);
            if (settings.minLagMillis() > 0
                    && segment.retentionTimestamp() > nowMillis - settings.minLagMillis()) {
                limit = Math.min(limit, segment.baseOffset());
                break;
            }
        }
        if (settings.maxLagMillis() != Long.MAX_VALUE) {
            earliest = earliestTimestamp(segments, firstDirty);
        }
        long end = segments.get(indexOf(segments, Math.max(firstDirty, limit))).baseOffset();
        long clean = 0;
        long dirty = 0;
        int firstDirtySegment = indexOf(segments, Math.min(firstDirty, end));
        for (int i = 0; i < segments.size() && segments.get(i).baseOffset() < end; i++) {
            long size = segments.get(i).size();
            if (i >= firstDirtySegment) {
                dirty += size;
            } else {
                clean += size;
            }
        }
        boolean overdue =
                earliest != Long.MAX_VALUE && earliest < nowMillis - settings.maxLagMillis();
        return new CleaningRange(firstDirty, end, clean, dirty, overdue);
    }

    private static long earliestTimestamp(List<LogSegment> segments, long fromOffset) {
        long earliest = Long.MAX_VALUE;
        for (int i = indexOf(segments, fromOffset); i < segments.size() - 1; i++) {
            long first = segments.get(i).firstTimestamp();
            if (first > 0) {
                earliest = Math.min(earliest, first);
            }
        }
        return earliest;
    }

    /** The segment that holds the offset, or the first one. */
    private static int indexOf(List<LogSegment> segments, long offset) {
        int index = 0;
        while (index + 1 < segments.size() && segments.get(index + 1).baseOffset() <= offset) {
            index++;
        }
        return index;
    }
}
