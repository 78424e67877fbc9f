package io.penstock.broker.log;

import io.penstock.broker.protocol.record.BatchRebuilding;
import io.penstock.broker.protocol.record.BatchRebuilding.Batch;
import io.penstock.broker.protocol.record.BatchRebuilding.KeyVisitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One cleaning of one log: notes the latest offset of every key in the dirty part, as far as memory
 * goes, then writes all segments up to there anew without what is older. Works without the log's
 * lock on segments that nobody writes to any more; only putting the result in their place takes it.
 */
final class LogCompaction {

    /**
     * @param endOffset everything below it is clean now
     */
    record Cleaned(
            long endOffset, int segmentsBefore, int segmentsAfter, long bytesRead, long written) {}

    private final CompactableLog log;
    private final CleaningRange range;
    private final long keptEnd;
    private final LatestOffsets latest;
    private final CleanerBuffers buffers;
    private final IoThrottle throttle;
    private final BatchRebuilding rebuilding = new BatchRebuilding();
    private final BooleanSupplier abandoned;
    private final long nowMillis;
    private long bytesRead;
    private long bytesWritten;

    /**
     * @param keptEnd the batch that ends before it stays, if only as an empty one
     * @param abandoned whether to give up, asked between pieces
     */
    LogCompaction(
            CompactableLog log,
            CleaningRange range,
            long keptEnd,
            LatestOffsets latest,
            CleanerBuffers buffers,
            IoThrottle throttle,
            BooleanSupplier abandoned,
            long nowMillis) {
        this.log = log;
        this.range = range;
        this.keptEnd = keptEnd;
        this.latest = latest;
        this.buffers = buffers;
        this.throttle = throttle;
        this.abandoned = abandoned;
        this.nowMillis = nowMillis;
    }

    /**
     * @throws CleaningAbandonedException if the log changed under it, or it was told to give up;
     *     what was put in place by then is whole
     */
    Cleaned run() throws IOException {
        List<LogSegment> segments = log.segments();
        noteKeys(segments);
        long end = latest.latestOffset() + 1;
        LogSettings settings = log.settings();
        List<List<LogSegment>> groups =
                SegmentGroups.of(
                        segments.stream().filter(s -> s.baseOffset() < end).toList(),
                        settings.segmentBytes(),
                        settings.maxIndexSize(),
                        range.endOffset());
        CompactionChoice choice = new CompactionChoice(latest, keptEnd, nowMillis);
        int before = 0;
        for (List<LogSegment> group : groups) {
            clean(group, choice, settings);
            before += group.size();
        }
        log.cleanedUpTo(end);
        return new Cleaned(end, before, groups.size(), bytesRead, bytesWritten);
    }

    private void noteKeys(List<LogSegment> segments) throws IOException {
        CompactedTransactions transactions = new CompactedTransactions(retained -> {});
        transactions.add(log.abortedTransactions(range.firstDirtyOffset(), range.endOffset()));
        for (int i = 0; i + 1 < segments.size(); i++) {
            long next = segments.get(i + 1).baseOffset();
            if (next > range.firstDirtyOffset() && next <= range.endOffset()) {
                if (!noteKeysOf(segments.get(i), transactions)) {
                    return;
                }
                latest.advanceTo(next - 1);
            }
        }
    }

    private boolean noteKeysOf(LogSegment segment, CompactedTransactions transactions)
            throws IOException {
        long from = range.firstDirtyOffset();
        KeyVisitor visitor =
                new KeyVisitor() {
                    @Override
                    public boolean onBatch(Batch batch) {
                        boolean mayGo = transactions.mayGo(batch);
                        return !batch.isControl() && !mayGo;
                    }

                    @Override
                    public boolean onKey(long offset, ByteBuffer key) {
                        if (offset < from) {
                            return true;
                        }
                        if (latest.isFull()) {
                            return false;
                        }
                        latest.put(key, offset);
                        return true;
                    }

                    @Override
                    public void onBatchEnd(Batch batch) {
                        if (batch.lastOffset() >= from) {
                            latest.advanceTo(batch.lastOffset());
                        }
                    }
                };
        hold(segment);
        try {
            int position = segment.offsetIndex().positionBefore(from);
            while (position < segment.size()) {
                checkWanted();
                ByteBuffer batches = buffers.read(segment, position);
                if (!rebuilding.forEachKey(batches, visitor)) {
                    return false;
                }
                position += wholeBatches(batches);
            }
            return true;
        } finally {
            segment.release();
        }
    }

    private void clean(List<LogSegment> group, CompactionChoice choice, LogSettings settings)
            throws IOException {
        LogSegment cleaned =
                LogSegment.create(
                        log.directory(),
                        group.getFirst().baseOffset(),
                        nowMillis,
                        LogFiles.CLEANED);
        boolean swapped = false;
        try {
            Map<Long, LastBatch> lastBatches = log.lastBatches();
            choice.begin(lastBatches, cleaned.abortedIndex());
            for (LogSegment segment : group) {
                choice.add(abortedIn(segment));
                cleanInto(cleaned, segment, choice, settings);
            }
            long modified = Files.getLastModifiedTime(group.getLast().path()).toMillis();
            cleaned.finishCleaned(modified);
            swapped = log.replace(group, cleaned);
            if (!swapped) {
                throw new CleaningAbandonedException("segments left the log meanwhile");
            }
        } finally {
            if (!swapped) {
                cleaned.release();
                LogSegment.removeFiles(log.directory(), cleaned.baseOffset(), LogFiles.CLEANED);
            }
        }
    }

    /** Those with data in the segment, wherever their marker is. */
    private List<AbortedTransaction> abortedIn(LogSegment segment) {
        List<LogSegment> present = log.segments();
        for (LogSegment other : present) {
            if (other.baseOffset() > segment.baseOffset()) {
                return log.abortedTransactions(segment.baseOffset(), other.baseOffset());
            }
        }
        return log.abortedTransactions(segment.baseOffset(), range.endOffset());
    }

    private void cleanInto(
            LogSegment cleaned, LogSegment segment, CompactionChoice choice, LogSettings settings)
            throws IOException {
        hold(segment);
        try {
            int position = 0;
            while (position < segment.size()) {
                checkWanted();
                var rebuilt =
                        rebuilding.rebuild(
                                buffers.read(segment, position),
                                choice,
                                nowMillis,
                                settings.compaction().deleteRetentionMillis(),
                                buffers.output());
                position += rebuilt.bytesRead();
                bytesRead += rebuilt.bytesRead();
                int length = rebuilt.batches().remaining();
                if (length > 0) {
                    cleaned.write(rebuilt.batches());
                    cleaned.noteWritten(rebuilt.batches(), settings.indexIntervalBytes());
                    bytesWritten += length;
                    throttle.moved(length);
                }
            }
        } finally {
            segment.release();
        }
    }

    private static int wholeBatches(ByteBuffer batches) {
        int at = 0;
        while (batches.limit() - at >= RecordBatchHeader.SIZE) {
            long size = RecordBatchHeader.sizeInBytes(batches, at);
            if (size > batches.limit() - at) {
                break;
            }
            at += (int) size;
        }
        return at;
    }

    private static void hold(LogSegment segment) {
        if (!segment.retain()) {
            throw new CleaningAbandonedException("a segment was let go of");
        }
    }

    private void checkWanted() {
        if (abandoned.getAsBoolean()) {
            throw new CleaningAbandonedException("it is no longer wanted");
        }
    }
}
