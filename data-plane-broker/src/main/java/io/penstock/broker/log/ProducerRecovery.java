package io.penstock.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;

/** Replays batches into producer states. */
final class ProducerRecovery {

    private final Path directory;
    private final NavigableMap<Long, LogSegment> segments;
    private final ProducerStates producers;

    ProducerRecovery(
            Path directory, NavigableMap<Long, LogSegment> segments, ProducerStates producers) {
        this.directory = directory;
        this.segments = segments;
        this.producers = producers;
    }

    /**
     * From the newest whole snapshot at or before the end on, or from the log start; newer
     * snapshots go.
     */
    void rebuild(long logStartOffset, long endOffset) throws IOException {
        producers.clear();
        long from = Math.max(logStartOffset, restoreSnapshot(endOffset));
        Long first = segments.floorKey(from);
        for (LogSegment segment :
                segments.tailMap(first == null ? segments.firstKey() : first, true).values()) {
            if (segment.baseOffset() > from) {
                keepSnapshot(segment.baseOffset());
            }
            replay(segment, from);
        }
    }

    /** Compaction may take away the records that this state was learnt from. */
    private void keepSnapshot(long offset) throws IOException {
        Path file = LogFiles.snapshot(directory, offset);
        if (!Files.exists(file)) {
            ProducerSnapshot.write(file, producers.entries());
        }
    }

    private long restoreSnapshot(long endOffset) throws IOException {
        for (long offset : LogFiles.offsetsOf(directory, LogFiles.SNAPSHOT).reversed()) {
            Path file = LogFiles.snapshot(directory, offset);
            var entries =
                    offset > endOffset
                            ? java.util.Optional.<List<ProducerEntry>>empty()
                            : ProducerSnapshot.read(file);
            if (entries.isPresent()) {
                entries.get().forEach(producers::restore);
                return offset;
            }
            Files.deleteIfExists(file);
        }
        return segments.firstKey();
    }

    private void replay(LogSegment segment, long from) throws IOException {
        int start = segment.offsetIndex().positionBefore(from);
        SegmentCursor cursor = SegmentCursor.over(segment, start, segment.size());
        for (boolean more = cursor.seek(from); more; more = cursor.hasBatch()) {
            var aborted =
                    cursor.isControl()
                            ? producers.apply(cursor.readBatch(), 0)
                            : producers.apply(cursor.buffer(), cursor.at());
            if (aborted != null && !segment.abortedIndex().all().contains(aborted)) {
                segment.abortedIndex().append(aborted);
            }
            cursor.next();
        }
    }
}
