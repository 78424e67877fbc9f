package io.penstock.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Opens what is in a partition's folder. After a clean stop the files are taken as they are. Else
 * every segment that reaches past the recovery point is verified: the first damaged batch there
 * ends the log, and everything after it is removed. A damaged batch below the recovery point is no
 * torn write; only the rest of its own segment is lost then. Where there is no folder the log is
 * new, and the disk is not touched.
 */
final class LogLoader {

    private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);
    private static final List<String> LEFTOVERS =
            List.of(LogFiles.DELETED, ".tmp", LogFiles.CLEANED);

    private final LogParameters parameters;
    private final Path directory;
    private final LogFolder folder;
    private final LeaderEpochs epochs;
    private final ConcurrentSkipListMap<Long, LogSegment> segments = new ConcurrentSkipListMap<>();
    private long firstScanned = Long.MAX_VALUE;
    private long nextOffset;

    LogLoader(LogParameters parameters) {
        this.parameters = parameters;
        this.directory = parameters.directory();
        this.folder = new LogFolder(directory, parameters.topicId());
        this.epochs = new LeaderEpochs(directory);
    }

    /**
     * @param segments by base offset; all but the last are sealed
     */
    record Loaded(
            LogFolder folder,
            ConcurrentSkipListMap<Long, LogSegment> segments,
            LeaderEpochs epochs,
            ProducerStates producers,
            long endOffset) {}

    Loaded load() throws IOException {
        if (!folder.isMade()) {
            long start = parameters.logStartOffset();
            segments.put(start, LogSegment.later(folder, start, parameters.clock().wallMillis()));
            return new Loaded(folder, segments, epochs, new ProducerStates(), start);
        }
        if (removeLeftovers(LEFTOVERS)) {
            SegmentSwap.recover(directory);
            // Indexes that became .swap before the batches did.
            removeLeftovers(List.of(LogFiles.SWAP));
        }
        boolean epochsKnown = epochs.load();
        List<Long> bases = LogFiles.offsetsOf(directory, LogFiles.LOG);
        int toVerify = 0;
        for (int i = 0; i < bases.size(); i++) {
            toVerify += mayBeTorn(nextOf(bases, i)) ? 1 : 0;
        }
        parameters.progress().plannedSegments(toVerify);
        for (int i = 0; i < bases.size(); i++) {
            boolean goesOn = loadSegment(bases.get(i), nextOf(bases, i));
            if (mayBeTorn(nextOf(bases, i))) {
                parameters.progress().segmentsDone(1);
                toVerify--;
            }
            if (!goesOn) {
                removeSegments(bases.subList(i + 1, bases.size()));
                parameters.progress().segmentsDone(toVerify);
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
        new ProducerRecovery(directory, segments, producers)
                .rebuild(
                        firstScanned == Long.MAX_VALUE ? parameters.logStartOffset() : 0,
                        nextOffset);
        return new Loaded(folder, segments, epochs, producers, nextOffset);
    }

    private static long nextOf(List<Long> bases, int index) {
        return index + 1 < bases.size() ? bases.get(index + 1) : Long.MAX_VALUE;
    }

    private boolean mayBeTorn(long next) {
        return !parameters.cleanlyClosed() && next > parameters.recoveryPoint();
    }

    /** Whether the segments after it may follow. */
    private boolean loadSegment(long base, long next) throws IOException {
        LogSegment segment = LogSegment.open(directory, base);
        segments.put(base, segment);
        boolean active = next == Long.MAX_VALUE;
        boolean mayBeTorn = mayBeTorn(next);
        if (!mayBeTorn && segment.size() == 0) {
            segment.resetIndexes();
            nextOffset = base;
            return true;
        }
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

    /** Removes the files with the suffixes; whether there is a swap file. */
    private boolean removeLeftovers(List<String> suffixes) throws IOException {
        boolean swap = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (suffixes.stream().anyMatch(name::endsWith)) {
                    Files.deleteIfExists(file);
                }
                swap |= name.endsWith(LogFiles.SWAP);
            }
        }
        return swap;
    }
}
