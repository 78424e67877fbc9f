package io.penstock.broker.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One file of batches with its indexes. Written under the log's lock; read by any thread up to a
 * position that was published before. The channel closes when the log and all slices let go of it.
 * Threads that read or write must not be interrupted: that closes a channel (NIO).
 */
final class LogSegment {

    private static final long UNKNOWN = Long.MIN_VALUE;

    /** Index entries that a full index leaves no room for: one for the roll itself. */
    private static final int RESERVED_ENTRIES = 1;

    private final long baseOffset;
    private final Path path;

    /** Null until there is something to write, if the segment was {@linkplain #later put off}. */
    private volatile FileChannel channel;

    /** What has to be there before the file; null if the file is. */
    private LogFolder folder;

    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final AbortedTransactionIndex abortedIndex;
    private final AtomicInteger references = new AtomicInteger(1);

    private volatile int size;
    private volatile long maxTimestamp = RecordBatchHeader.NO_TIMESTAMP;
    private volatile long offsetOfMaxTimestamp;
    private boolean replacement;
    private int bytesSinceIndexEntry;
    private long createdMillis;

    /** What segment.ms is measured from: the largest timestamp of the first batch. */
    private volatile long firstTimestamp = UNKNOWN;

    private LogSegment(Path directory, long baseOffset, long nowMillis, String suffix) {
        this.baseOffset = baseOffset;
        this.path = LogFiles.suffixed(LogFiles.segment(directory, baseOffset), suffix);
        this.offsetIndex =
                new OffsetIndex(
                        LogFiles.suffixed(LogFiles.offsetIndex(directory, baseOffset), suffix),
                        baseOffset);
        this.timeIndex =
                new TimeIndex(
                        LogFiles.suffixed(LogFiles.timeIndex(directory, baseOffset), suffix),
                        baseOffset);
        this.abortedIndex =
                new AbortedTransactionIndex(
                        LogFiles.suffixed(LogFiles.abortedIndex(directory, baseOffset), suffix));
        this.offsetOfMaxTimestamp = baseOffset;
        this.createdMillis = nowMillis;
    }

    /** An empty segment without files: {@link #make}, or the first write, makes them. */
    static LogSegment later(LogFolder folder, long baseOffset, long nowMillis) {
        LogSegment segment = new LogSegment(folder.path(), baseOffset, nowMillis, "");
        segment.folder = folder;
        segment.firstTimestamp = RecordBatchHeader.NO_TIMESTAMP;
        return segment;
    }

    static LogSegment create(Path directory, long baseOffset, long nowMillis) throws IOException {
        return create(directory, baseOffset, nowMillis, "");
    }

    /** An empty segment whose files have the suffix; what an earlier one left there goes. */
    static LogSegment create(Path directory, long baseOffset, long nowMillis, String suffix)
            throws IOException {
        removeFiles(directory, baseOffset, suffix);
        LogSegment segment = new LogSegment(directory, baseOffset, nowMillis, suffix);
        segment.make();
        segment.firstTimestamp = RecordBatchHeader.NO_TIMESTAMP;
        return segment;
    }

    static LogSegment open(Path directory, long baseOffset) throws IOException {
        return open(directory, baseOffset, "");
    }

    static LogSegment open(Path directory, long baseOffset, String suffix) throws IOException {
        Path path = LogFiles.suffixed(LogFiles.segment(directory, baseOffset), suffix);
        long modified = Files.getLastModifiedTime(path).toMillis();
        LogSegment segment = new LogSegment(directory, baseOffset, modified, suffix);
        segment.make();
        long size = segment.channel.size();
        if (size > Integer.MAX_VALUE) {
            segment.release();
            throw new IOException(path + " has " + size + " bytes: more than a segment can have");
        }
        segment.size = (int) size;
        return segment;
    }

    /** Makes the file, and the folder that it lies in, unless they are there. */
    void make() throws IOException {
        if (channel == null) {
            if (folder != null) {
                folder.make();
                folder = null;
            }
            channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        }
    }

    private boolean isMade() {
        return channel != null;
    }

    /** Whether the indexes could be loaded and fit the file. */
    boolean loadIndexes(boolean sealed) throws IOException {
        boolean whole = offsetIndex.load(sealed) & timeIndex.load(sealed);
        abortedIndex.load();
        if (!whole || !offsetIndex.plausible(size)) {
            return false;
        }
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = timeIndex.lastOffset();
        return true;
    }

    /** Takes note of the batches that {@link #write} put at the end: now they are part of it. */
    void noteWritten(ByteBuffer batches, int indexIntervalBytes) throws IOException {
        int from = batches.position();
        int start = size;
        for (int at = from; at < batches.limit(); ) {
            int length = (int) RecordBatchHeader.sizeInBytes(batches, at);
            long lastOffset = RecordBatchHeader.lastOffset(batches, at);
            long timestamp = RecordBatchHeader.maxTimestamp(batches, at);
            note(start + at - from, length, lastOffset, timestamp, indexIntervalBytes);
            at += length;
        }
        if (start == 0) {
            firstTimestamp = RecordBatchHeader.maxTimestamp(batches, from);
        }
        size = start + batches.remaining();
    }

    /** Puts bytes behind the last batch, where nobody looks yet; a failure leaves no trace. */
    void write(ByteBuffer batches) throws IOException {
        make();
        int from = batches.position();
        long at = size;
        try {
            while (batches.hasRemaining()) {
                channel.write(batches, at + batches.position() - from);
            }
        } finally {
            batches.position(from);
        }
    }

    /** Takes note of a batch that lies in the file already. */
    void note(int at, int length, long lastOffset, long timestamp, int indexIntervalBytes)
            throws IOException {
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(lastOffset, at);
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
            bytesSinceIndexEntry = 0;
        }
        noteTimestamp(timestamp, lastOffset);
        bytesSinceIndexEntry += length;
    }

    /** Takes note of a timestamp without an entry in the index. */
    void noteTimestamp(long timestamp, long offset) {
        if (timestamp > maxTimestamp) {
            offsetOfMaxTimestamp = offset;
            maxTimestamp = timestamp;
        }
    }

    /** Whether the log must begin a new segment before it appends these batches. */
    boolean isFull(int bytes, AppendPlan plan, LogSettings settings, long nowMillis, long jitter) {
        if (size == 0) {
            return false;
        }
        long lastOffset = plan.endOffset() - 1;
        long first = firstTimestamp();
        long age = first >= 0 ? plan.largestTimestamp() - first : nowMillis - createdMillis;
        int indexRoom = settings.maxIndexSize();
        return (long) size + bytes > settings.segmentBytes()
                || lastOffset - baseOffset > Integer.MAX_VALUE
                || age > settings.segmentMillis() - jitter
                || offsetIndex.sizeInBytes()
                        > indexRoom - (1 + RESERVED_ENTRIES) * OffsetIndex.ENTRY_SIZE
                || timeIndex.sizeInBytes()
                        > indexRoom - (1 + RESERVED_ENTRIES) * TimeIndex.ENTRY_SIZE;
    }

    /** Ends writing. The largest timestamp becomes the last entry of the time index. */
    void seal() throws IOException {
        timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
        channel.truncate(size);
        offsetIndex.seal();
        timeIndex.seal();
    }

    /** Makes the batches durable; the indexes can be made anew from them. */
    void forceData() throws IOException {
        if (isMade()) {
            channel.force(false);
        }
    }

    void force() throws IOException {
        if (isMade()) {
            channel.force(true);
            offsetIndex.force();
            timeIndex.force();
        }
    }

    /** Empties the indexes, so that a scan can fill them again. */
    void resetIndexes() throws IOException {
        offsetIndex.truncateTo(0);
        timeIndex.truncateTo(0);
        abortedIndex.truncateTo(Long.MIN_VALUE);
        Files.deleteIfExists(abortedIndex.path());
        maxTimestamp = RecordBatchHeader.NO_TIMESTAMP;
        offsetOfMaxTimestamp = baseOffset;
        bytesSinceIndexEntry = 0;
    }

    /** Cuts the file at a batch's position and the indexes at its offset. */
    void truncateTo(int position, long offset) throws IOException {
        offsetIndex.truncateToPosition(position);
        timeIndex.truncateToOffset(offset);
        abortedIndex.truncateTo(offset);
        channel.truncate(position);
        size = position;
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = timeIndex.lastOffset();
        bytesSinceIndexEntry = 0;
        firstTimestamp = position == 0 ? RecordBatchHeader.NO_TIMESTAMP : UNKNOWN;
        // The time index may lack the newest of what is left.
        SegmentCursor cursor =
                SegmentCursor.over(this, offsetIndex.positionBefore(offsetOfMaxTimestamp), size);
        while (cursor.hasBatch()) {
            noteTimestamp(cursor.maxTimestamp(), cursor.lastOffset());
            cursor.next();
        }
    }

    /** Largest timestamp of the first batch, or -1. */
    long firstTimestamp() {
        long known = firstTimestamp;
        if (known == UNKNOWN) {
            known = readFirstTimestamp();
            firstTimestamp = known;
        }
        return known;
    }

    private long readFirstTimestamp() {
        if (size < RecordBatchHeader.SIZE) {
            return RecordBatchHeader.NO_TIMESTAMP;
        }
        ByteBuffer header = ByteBuffer.allocate(RecordBatchHeader.SIZE);
        try {
            readFully(header, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return RecordBatchHeader.maxTimestamp(header, 0);
    }

    void setCreatedMillis(long millis) {
        createdMillis = millis;
    }

    /** Reads exactly the buffer's remaining bytes from the position. */
    void readFully(ByteBuffer target, int position) throws IOException {
        int at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new EOFException(path + " ends at " + at);
            }
            at += read;
        }
    }

    /** Whether the segment is still open, and now held by the caller until it releases. */
    boolean retain() {
        int present;
        do {
            present = references.get();
            if (present == 0) {
                return false;
            }
        } while (!references.compareAndSet(present, present + 1));
        return true;
    }

    void release() throws IOException {
        if (references.decrementAndGet() == 0 && isMade()) {
            channel.close();
            offsetIndex.close();
            timeIndex.close();
        }
    }

    /** Renames the files, so that a restart finishes the deletion; readers keep the channel. */
    void markDeleted() throws IOException {
        for (Path file : LogFiles.filesOf(path.getParent(), baseOffset)) {
            try {
                Files.move(file, LogFiles.deleted(file), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException neverWritten) {
                continue;
            }
        }
    }

    /** Gives the files another suffix, the batches' last: who finds that one finds them all. */
    static void changeSuffix(Path directory, long baseOffset, String from, String to)
            throws IOException {
        for (Path file : LogFiles.filesOf(directory, baseOffset).reversed()) {
            Path present = LogFiles.suffixed(file, from);
            if (Files.exists(present)) {
                Files.move(
                        present,
                        LogFiles.suffixed(file, to),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    static void removeFiles(Path directory, long baseOffset, String suffix) throws IOException {
        for (Path file : LogFiles.filesOf(directory, baseOffset)) {
            Files.deleteIfExists(LogFiles.suffixed(file, suffix));
        }
    }

    /** Makes a cleaned segment last, all four files of it, and gives it the originals' age. */
    void finishCleaned(long modifiedMillis) throws IOException {
        seal();
        abortedIndex.force();
        force();
        Files.setLastModifiedTime(path, FileTime.fromMillis(modifiedMillis));
    }

    void markReplacement() {
        replacement = true;
    }

    /** Whether it took the place of others: positions that were told before mean nothing here. */
    boolean isReplacement() {
        return replacement;
    }

    long baseOffset() {
        return baseOffset;
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    AbortedTransactionIndex abortedIndex() {
        return abortedIndex;
    }

    int size() {
        return size;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Last offset of the batch that has the largest timestamp. */
    long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }

    /** What retention compares: the largest timestamp, or the file's age where there is none. */
    long retentionTimestamp() {
        return maxTimestamp >= 0 ? maxTimestamp : createdMillis;
    }
}
