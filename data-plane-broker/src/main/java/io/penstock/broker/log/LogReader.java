package io.penstock.broker.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** Finds batches by their offsets, without a lock: segments are only ever added or let go of. */
final class LogReader {

    private final NavigableMap<Long, LogSegment> segments;

    LogReader(NavigableMap<Long, LogSegment> segments) {
        this.segments = segments;
    }

    Optional<LogSlice> read(
            long offset, long logStartOffset, int maxBytes, boolean minOneBatch, LogPosition bound)
            throws IOException {
        if (offset >= bound.offset()) {
            return Optional.empty();
        }
        if (offset < logStartOffset || segments.floorEntry(offset) == null) {
            throw new IllegalArgumentException("offset " + offset + " is not in the log");
        }
        for (LogSegment segment : segments.tailMap(segments.floorKey(offset), true).values()) {
            if (segment.baseOffset() > bound.segmentBaseOffset()) {
                break;
            }
            int limit =
                    segment.baseOffset() == bound.segmentBaseOffset()
                            ? bound.position()
                            : segment.size();
            if (!segment.retain()) {
                throw new IllegalArgumentException("offset " + offset + " was deleted");
            }
            boolean handedOver = false;
            try {
                int start = segment.offsetIndex().positionBefore(offset);
                SegmentCursor cursor = SegmentCursor.over(segment, start, limit);
                if (cursor.seek(offset)) {
                    int wanted = minOneBatch ? Math.max(maxBytes, cursor.sizeInBytes()) : maxBytes;
                    int size = Math.min(wanted, limit - cursor.position());
                    if (size <= 0) {
                        return Optional.empty();
                    }
                    handedOver = true;
                    return Optional.of(new SegmentSlice(segment, cursor.position(), size));
                }
            } finally {
                if (!handedOver) {
                    segment.release();
                }
            }
        }
        return Optional.empty();
    }

    LogPosition positionOf(long offset, LogPosition present) throws IOException {
        if (offset >= present.offset()) {
            return present;
        }
        Map.Entry<Long, LogSegment> floor = segments.floorEntry(offset);
        LogSegment segment = floor == null ? segments.firstEntry().getValue() : floor.getValue();
        int start = segment.offsetIndex().positionBefore(offset);
        SegmentCursor cursor = SegmentCursor.over(segment, start, segment.size());
        cursor.seek(offset);
        return new LogPosition(offset, segment.baseOffset(), cursor.position());
    }

    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        List<AbortedTransaction> found = new ArrayList<>();
        Long first = segments.floorKey(fromOffset);
        if (first == null) {
            return found;
        }
        for (LogSegment segment : segments.tailMap(first, true).values()) {
            for (AbortedTransaction aborted : segment.abortedIndex().all()) {
                if (aborted.lastOffset() >= fromOffset && aborted.firstOffset() < toOffset) {
                    found.add(aborted);
                }
                if (aborted.lastStableOffset() >= toOffset) {
                    return found;
                }
            }
        }
        return found;
    }
}
