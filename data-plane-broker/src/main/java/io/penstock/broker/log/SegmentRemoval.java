package io.penstock.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;

/** Takes segments out of a log. Their files are renamed at once and go in the background. */
final class SegmentRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRemoval.class);

    private final Path directory;
    private final NavigableMap<Long, LogSegment> segments;
    private final BackgroundWork background;

    SegmentRemoval(
            Path directory, NavigableMap<Long, LogSegment> segments, BackgroundWork background) {
        this.directory = directory;
        this.segments = segments;
        this.background = background;
    }

    void remove(LogSegment segment, long delayMillis) throws IOException {
        segments.remove(segment.baseOffset());
        segment.markDeleted();
        letGo(segment, delayMillis);
    }

    /** The segment is in the log no more and its files are renamed. */
    void letGo(LogSegment segment, long delayMillis) throws IOException {
        segment.release();
        background.later(delayMillis, () -> removeFiles(segment));
    }

    private void removeFiles(LogSegment segment) {
        try {
            LogSegment.removeFiles(directory, segment.baseOffset(), LogFiles.DELETED);
        } catch (IOException failure) {
            LOG.warn("{}: a deleted file stays until the next start", segment.path(), failure);
        }
    }

    void removeSnapshots() throws IOException {
        for (long snapshot : LogFiles.offsetsOf(directory, LogFiles.SNAPSHOT)) {
            Files.deleteIfExists(LogFiles.snapshot(directory, snapshot));
        }
    }
}
