package io.penstock.broker.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/** A log as compaction sees it: what may be cleaned, and how the result takes its place. */
final class CompactableLog {

    private final PartitionLog log;
    private final ReentrantLock lock;
    private final ConcurrentSkipListMap<Long, LogSegment> segments;
    private final LogWriter writer;
    private volatile long cleanedOffset;

    /**
     * @param lock the log's own
     * @param cleanedOffset where the last compaction ended, or -1
     */
    CompactableLog(
            PartitionLog log,
            ReentrantLock lock,
            ConcurrentSkipListMap<Long, LogSegment> segments,
            LogWriter writer,
            long cleanedOffset) {
        this.log = log;
        this.lock = lock;
        this.segments = segments;
        this.writer = writer;
        this.cleanedOffset = cleanedOffset;
    }

    /** Which part of the log could be cleaned now. */
    CleaningRange range(long highWatermark, long nowMillis) {
        lock.lock();
        try {
            return CleaningRange.of(
                    segments(),
                    settings().compaction(),
                    log.logStartOffset(),
                    log.end().offset(),
                    cleanedOffset,
                    Math.min(highWatermark, log.firstUnstableOffset()),
                    nowMillis);
        } finally {
            lock.unlock();
        }
    }

    /** By producer, what must stay so that it is known after a restart. */
    Map<Long, LastBatch> lastBatches() {
        return LastBatch.ofAll(producers());
    }

    /** The producers that the log knows now. */
    List<ProducerEntry> producers() {
        lock.lock();
        try {
            return writer.producers().entries().stream().map(ProducerEntry::copy).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a cleaned segment in the place of the ones that it was made from.
     *
     * @return false if one of them is no longer part of the log, and nothing was changed
     */
    boolean replace(List<LogSegment> originals, LogSegment cleaned) throws IOException {
        lock.lock();
        try {
            if (!wanted() || !arePartOfTheLog(originals)) {
                return false;
            }
            new SegmentSwap(directory(), segments, writer.removal())
                    .swap(originals, cleaned, settings().fileDeleteDelayMillis());
            return true;
        } catch (IOException failure) {
            throw log.reported(failure);
        } finally {
            lock.unlock();
        }
    }

    private boolean arePartOfTheLog(List<LogSegment> originals) {
        return originals.stream().allMatch(s -> segments.get(s.baseOffset()) == s);
    }

    /** Everything below the offset was compacted. */
    void cleanedUpTo(long offset) {
        lock.lock();
        try {
            cleanedOffset = Math.min(offset, log.end().offset());
        } finally {
            lock.unlock();
        }
    }

    /** The log was cut. */
    void truncated(long newEnd) {
        cleanedOffset = Math.min(cleanedOffset, newEnd);
    }

    /** Begins a new segment, so that what was written to until now can be compacted. */
    void roll() throws IOException {
        lock.lock();
        try {
            if (writer.active().size() > 0) {
                writer.roll(log.end().offset(), settings());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Where the last compaction ended, or -1. */
    long cleanedOffset() {
        return cleanedOffset;
    }

    /** The segments in their order; the last one is written to. */
    List<LogSegment> segments() {
        return List.copyOf(segments.values());
    }

    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return log.abortedTransactions(fromOffset, toOffset);
    }

    LogSettings settings() {
        return log.settings();
    }

    Path directory() {
        return log.directory();
    }

    /** Whether the log may, and wants to, be compacted. */
    boolean wanted() {
        return settings().compact() && !log.isClosed() && !log.isOffline();
    }
}
