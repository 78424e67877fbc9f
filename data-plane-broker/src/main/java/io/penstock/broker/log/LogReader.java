package io.penstock.broker.log;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
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
        if (offset < logStartOffset) {
            throw new IllegalArgumentException("offset " + offset + " is not in the log");
        }
        Map.Entry<Long, LogSegment> next = segments.floorEntry(offset);
        if (next == null) {
            throw new IllegalArgumentException("offset " + offset + " is not in the log");
        }
        while (next != null && next.getKey() <= bound.segmentBaseOffset()) {
            LogSegment segment = next.getValue();
            if (!segment.retain()) {
                next = after(segment, offset);
                continue;
            }
            boolean handedOver = false;
            try {
                int limit = limitIn(segment, bound);
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
            next = segments.higherEntry(segment.baseOffset());
        }
        return Optional.empty();
    }

    /** Where to look on when a segment went away meanwhile: compacted, or deleted. */
    private Map.Entry<Long, LogSegment> after(LogSegment gone, long offset) {
        Map.Entry<Long, LogSegment> present = segments.floorEntry(offset);
        if (present == null || present.getValue() == gone) {
            throw new IllegalArgumentException("offset " + offset + " was deleted");
        }
        return present;
    }

    /** What compaction put in the place of others lies below every bound but for its offset. */
    private static int limitIn(LogSegment segment, LogPosition bound) throws IOException {
        if (segment.baseOffset() != bound.segmentBaseOffset()) {
            return segment.size();
        }
        if (!segment.isReplacement()) {
            return bound.position();
        }
        int start = segment.offsetIndex().positionBefore(bound.offset());
        SegmentCursor cursor = SegmentCursor.over(segment, start, segment.size());
        cursor.seek(bound.offset());
        return cursor.position();
    }

    LogPosition positionOf(long offset, LogPosition present) throws IOException {
        if (offset >= present.offset()) {
            return present;
        }
        while (true) {
            Map.Entry<Long, LogSegment> floor = segments.floorEntry(offset);
            LogSegment segment =
                    floor == null ? segments.firstEntry().getValue() : floor.getValue();
            if (segment.retain()) {
                try {
                    int start = segment.offsetIndex().positionBefore(offset);
                    SegmentCursor cursor = SegmentCursor.over(segment, start, segment.size());
                    cursor.seek(offset);
                    return new LogPosition(offset, segment.baseOffset(), cursor.position());
                } finally {
                    segment.release();
                }
            }
            if (segments.get(segment.baseOffset()) == segment) {
                throw new ClosedChannelException();
            }
        }
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
