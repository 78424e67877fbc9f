package io.penstock.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Opens what is in a partition's folder. After a clean stop the files are taken as they are. Else
 * every segment that reaches past the recovery point is verified: the first damaged batch there
 * ends the log, and everything after it is removed. A damaged batch below the recovery point is no
 * torn write; only the rest of its own segment is lost then.
 */
final class LogLoader {

    private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);
    private static final List<String> LEFTOVERS = List.of(".deleted", ".tmp", ".cleaned", ".swap");

    private final LogParameters parameters;
    private final Path directory;
    private final LeaderEpochs epochs;
    private final ConcurrentSkipListMap<Long, LogSegment> segments = new ConcurrentSkipListMap<>();
    private long firstScanned = Long.MAX_VALUE;
    private long nextOffset;

    LogLoader(LogParameters parameters) {
        this.parameters = parameters;
        this.directory = parameters.directory();
        this.epochs = new LeaderEpochs(directory);
    }

    /**
     * @param segments by base offset; all but the last are sealed
     */
    record Loaded(
            ConcurrentSkipListMap<Long, LogSegment> segments,
            LeaderEpochs epochs,
            ProducerStates producers,
            long endOffset) {}

    Loaded load() throws IOException {
        removeLeftovers();
        boolean epochsKnown = epochs.load();
        List<Long> bases = LogFiles.offsetsOf(directory, LogFiles.LOG);
        for (int i = 0; i < bases.size(); i++) {
            long next = i + 1 < bases.size() ? bases.get(i + 1) : Long.MAX_VALUE;
            if (!loadSegment(bases.get(i), next)) {
                removeSegments(bases.subList(i + 1, bases.size()));
                break;
            }
        }
        if (segments.isEmpty()) {
            LogSegment first =
                    LogSegment.create(
                            directory,
                            parameters.logStartOffset(),
                            parameters.clock().wallMillis());
            segments.put(first.baseOffset(), first);
            nextOffset = first.baseOffset();
        }
        sealAllButLast();
        if (!epochsKnown) {
            rebuildEpochs();
        }
        epochs.truncateFromEnd(nextOffset);
        if (firstScanned != Long.MAX_VALUE) {
            removeSnapshotsAfter(firstScanned);
        }
        ProducerStates producers = new ProducerStates();
        new ProducerRecovery(directory, segments, producers).rebuild(nextOffset);
        return new Loaded(segments, epochs, producers, nextOffset);
    }

    /** Whether the segments after it may follow. */
    private boolean loadSegment(long base, long next) throws IOException {
        LogSegment segment = LogSegment.open(directory, base);
        segments.put(base, segment);
        boolean active = next == Long.MAX_VALUE;
        boolean mayBeTorn = !parameters.cleanlyClosed() && next > parameters.recoveryPoint();
        if (!mayBeTorn && segment.loadIndexes(!active)) {
            if (active) {
                loadTail(segment);
            }
            return true;
        }
        firstScanned = Math.min(firstScanned, base);
        var recovery =
                new SegmentRecovery(segment, epochs, parameters.settings().indexIntervalBytes());
        int whole = recovery.run();
        nextOffset = recovery.nextOffset();
        if (whole == segment.size()) {
            return true;
        }
        LOG.warn(
                "{}: {} of {} bytes are whole batches; the log goes on at offset {}",
                segment.path(),
                whole,
                segment.size(),
                nextOffset);
        segment.truncateTo(whole, nextOffset);
        restoreLargestTimestamp(segment);
        return !mayBeTorn;
    }

    /** Finds the log's end, and the largest timestamp of what the index does not cover. */
    private void loadTail(LogSegment segment) throws IOException {
        int from =
                segment.offsetIndex().count() == 0
                        ? 0
                        : segment.offsetIndex().position(segment.offsetIndex().count() - 1);
        nextOffset = segment.baseOffset();
        SegmentCursor cursor = SegmentCursor.over(segment, from, segment.size());
        while (cursor.hasBatch() && cursor.sizeInBytes() <= segment.size() - cursor.position()) {
            nextOffset = cursor.lastOffset() + 1;
            segment.noteTimestamp(cursor.maxTimestamp(), cursor.lastOffset());
            cursor.next();
        }
        if (cursor.position() < segment.size()) {
            LOG.warn("{}: bytes after {} are no batch", segment.path(), cursor.position());
            segment.truncateTo(cursor.position(), nextOffset);
        }
    }

    /** After a cut the time index may lack the newest of what is left. */
    private static void restoreLargestTimestamp(LogSegment segment) throws IOException {
        SegmentCursor cursor = SegmentCursor.over(segment, 0, segment.size());
        while (cursor.hasBatch()) {
            segment.noteTimestamp(cursor.maxTimestamp(), cursor.lastOffset());
            cursor.next();
        }
    }

    private void sealAllButLast() throws IOException {
        for (LogSegment segment : segments.headMap(segments.lastKey(), false).values()) {
            segment.seal();
        }
    }

    private void rebuildEpochs() throws IOException {
        for (LogSegment segment : segments.values()) {
            SegmentCursor cursor = SegmentCursor.over(segment, 0, segment.size());
            while (cursor.hasBatch()) {
                epochs.assign(cursor.leaderEpoch(), cursor.baseOffset());
                cursor.next();
            }
        }
    }

    private void removeSegments(List<Long> bases) throws IOException {
        for (long base : bases) {
            LOG.warn(
                    "{}: the segment after the damaged one goes",
                    LogFiles.segment(directory, base));
            for (Path file : LogFiles.filesOf(directory, base)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void removeSnapshotsAfter(long offset) throws IOException {
        for (long snapshot : LogFiles.offsetsOf(directory, LogFiles.SNAPSHOT)) {
            if (snapshot > offset) {
                Files.deleteIfExists(LogFiles.snapshot(directory, snapshot));
            }
        }
    }

    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (LEFTOVERS.stream().anyMatch(name::endsWith)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Replays batches into producer states. */
    static final class ProducerRecovery {

        private final Path directory;
        private final NavigableMap<Long, LogSegment> segments;
        private final ProducerStates producers;

        ProducerRecovery(
                Path directory, NavigableMap<Long, LogSegment> segments, ProducerStates producers) {
            this.directory = directory;
            this.segments = segments;
            this.producers = producers;
        }

        /** From the newest whole snapshot at or before the end on; newer snapshots go. */
        void rebuild(long endOffset) throws IOException {
            producers.clear();
            long from = restoreSnapshot(endOffset);
            Long first = segments.floorKey(from);
            for (LogSegment segment :
                    segments.tailMap(first == null ? segments.firstKey() : first, true).values()) {
                replay(segment, from);
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
}
