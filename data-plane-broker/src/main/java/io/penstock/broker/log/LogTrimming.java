package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Takes records out of a log: at its end, where it differs from the leader's, and at its beginning,
 * where retention or an operator lets them go. Belongs to the log's lock; only {@link
 * #logStartOffset} is read without it.
 */
final class LogTrimming {

    private final ConcurrentSkipListMap<Long, LogSegment> segments;
    private final LeaderEpochs epochs;
    private final LogWriter writer;
    private final LogStart start;
    private final Clock clock;
    private final Supplier<LogSettings> settings;
    private final LongConsumer onCut;

    /** The first offset that is read. */
    static final class LogStart {
        private volatile long offset;

        LogStart(long offset) {
            this.offset = offset;
        }

        long offset() {
            return offset;
        }
    }

    /**
     * @param onCut told of the new end after each cut there
     */
    LogTrimming(
            LogParameters parameters,
            LogLoader.Loaded loaded,
            LogWriter writer,
            LogStart start,
            Supplier<LogSettings> settings,
            LongConsumer onCut) {
        this.segments = loaded.segments();
        this.epochs = loaded.epochs();
        this.writer = writer;
        this.start = start;
        this.clock = parameters.clock();
        this.settings = settings;
        this.onCut = onCut;
    }

    private long end() {
        return writer.end().offset();
    }

    void truncateTo(long offset) throws IOException {
        if (offset >= end()) {
            epochs.truncateFromEnd(end());
            return;
        }
        if (offset < segments.firstKey()) {
            restartAt(offset);
            return;
        }
        writer.truncateTo(offset, settings.get());
        cut();
    }

    void restartAt(long offset) throws IOException {
        writer.restartAt(offset, settings.get());
        start.offset = offset;
        cut();
    }

    private void cut() {
        long newEnd = end();
        start.offset = Math.min(start.offset, newEnd);
        onCut.accept(newEnd);
    }

    boolean advanceStart(long offset) throws IOException {
        if (offset <= start.offset) {
            return false;
        }
        start.offset = Math.min(offset, end());
        epochs.truncateFromStart(start.offset);
        return true;
    }

    int deleteOldSegments(long highWatermark) throws IOException {
        int deletable =
                Retention.deletable(
                        List.copyOf(segments.values()),
                        settings.get(),
                        clock.wallMillis(),
                        Math.min(highWatermark, end()),
                        end(),
                        start.offset);
        if (deletable > 0) {
            long first = writer.removeOldest(deletable, settings.get());
            start.offset = Math.max(start.offset, first);
            epochs.truncateFromStart(start.offset);
        }
        return deletable;
    }
}
