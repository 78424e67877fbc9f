package io.penstock.broker.log;

import io.penstock.broker.protocol.record.Decompression;

import java.io.IOException;
import java.util.NavigableMap;
import java.util.Optional;

/** Finds records by their timestamps: time index, then headers, then the records of one batch. */
final class TimestampSearch {

    private final NavigableMap<Long, LogSegment> segments;
    private final RecordTimestamps records;

    TimestampSearch(NavigableMap<Long, LogSegment> segments, Decompression decompression) {
        this.segments = segments;
        this.records = new RecordTimestamps(decompression);
    }

    Optional<OffsetAndTimestamp> find(long timestamp, long fromOffset, long belowOffset)
            throws IOException {
        for (LogSegment segment : segments.values()) {
            if (segment.baseOffset() >= belowOffset) {
                break;
            }
            if (segment.maxTimestamp() >= timestamp && segment.retain()) {
                try {
                    var found = findIn(segment, timestamp, fromOffset);
                    if (found.isPresent()) {
                        return found.filter(f -> f.offset() < belowOffset);
                    }
                } finally {
                    segment.release();
                }
            }
        }
        return Optional.empty();
    }

    private Optional<OffsetAndTimestamp> findIn(LogSegment segment, long timestamp, long fromOffset)
            throws IOException {
        long start = Math.max(segment.timeIndex().offsetBefore(timestamp), fromOffset);
        int position = segment.offsetIndex().positionBefore(start);
        SegmentCursor cursor = SegmentCursor.over(segment, position, segment.size());
        for (boolean more = cursor.seek(start); more; more = cursor.hasBatch()) {
            if (cursor.maxTimestamp() >= timestamp) {
                var found = records.firstAtOrAfter(cursor.readBatch(), timestamp, fromOffset);
                if (found.isPresent()) {
                    return found;
                }
            }
            cursor.next();
        }
        return Optional.empty();
    }

    Optional<OffsetAndTimestamp> largest(long fromOffset, long belowOffset) throws IOException {
        LogSegment newest = null;
        for (LogSegment segment : segments.values()) {
            if (segment.baseOffset() < belowOffset
                    && segment.maxTimestamp() >= 0
                    && segment.offsetOfMaxTimestamp() >= fromOffset
                    && (newest == null || segment.maxTimestamp() > newest.maxTimestamp())) {
                newest = segment;
            }
        }
        if (newest == null || !newest.retain()) {
            return Optional.empty();
        }
        try {
            long offset = newest.offsetOfMaxTimestamp();
            int position = newest.offsetIndex().positionBefore(offset);
            SegmentCursor cursor = SegmentCursor.over(newest, position, newest.size());
            if (!cursor.seek(offset)) {
                return Optional.empty();
            }
            return records.firstAtOrAfter(cursor.readBatch(), cursor.maxTimestamp(), fromOffset)
                    .filter(found -> found.offset() < belowOffset);
        } finally {
            newest.release();
        }
    }
}
