package io.penstock.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Fixed-size entries in ascending order, appended to a file. The entries of a segment that is
 * written lie in the heap, and the file follows a few entries behind until it is sealed: recovery
 * makes the indexes of a segment anew that was not. Those of a sealed segment are mapped. One
 * thread writes; any thread reads without a lock, since an entry is complete before the count says
 * so.
 */
abstract class IndexFile implements Closeable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int FIRST_CAPACITY = 16;

    /** Entries that may be in the heap alone. */
    private static final int MOST_UNWRITTEN = 64;

    private final Path path;
    private final int entrySize;
    private FileChannel channel;
    private volatile ByteBuffer entries = NOTHING;
    private volatile int count;

    /** Entries that are in the file. */
    private int written;

    IndexFile(Path path, int entrySize) {
        this.path = path;
        this.entrySize = entrySize;
    }

    final Path path() {
        return path;
    }

    final int count() {
        return count;
    }

    final int sizeInBytes() {
        return count * entrySize;
    }

    /** The buffer to read entries below a count that was read before. */
    final ByteBuffer entries() {
        return entries;
    }

    final int at(int index) {
        return index * entrySize;
    }

    /** Makes what the file holds available; whether its size is one of whole entries. */
    final boolean load(boolean sealed) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = file.size();
            if (size % entrySize != 0 || size > Integer.MAX_VALUE) {
                return false;
            }
            if (size > 0 && sealed) {
                entries = file.map(FileChannel.MapMode.READ_ONLY, 0, size);
            } else if (size > 0) {
                ByteBuffer loaded = ByteBuffer.allocate((int) size);
                while (loaded.hasRemaining() && file.read(loaded, loaded.position()) >= 0) {
                    continue;
                }
                entries = loaded.clear();
            }
            count = (int) (size / entrySize);
            written = count;
        }
        return true;
    }

    /** Room for one more entry at {@link #at} of {@link #count}; {@link #publish} makes it seen. */
    final ByteBuffer roomForNext() {
        ByteBuffer present = entries;
        int needed = (count + 1) * entrySize;
        if (present.capacity() >= needed && !present.isReadOnly()) {
            return present;
        }
        int capacity = Math.max(FIRST_CAPACITY * entrySize, 2 * count * entrySize);
        ByteBuffer larger = ByteBuffer.allocate(capacity);
        larger.put(0, present, 0, count * entrySize);
        entries = larger;
        return larger;
    }

    final void publish() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        count++;
        if (count - written > MOST_UNWRITTEN) {
            writeOut();
        }
    }

    private void writeOut() throws IOException {
        int from = written * entrySize;
        ByteBuffer news = entries.duplicate().limit(count * entrySize).position(from);
        while (news.hasRemaining()) {
            channel.write(news, news.position());
        }
        written = count;
    }

    final void truncateTo(int newCount) throws IOException {
        count = Math.min(count, newCount);
        written = Math.min(written, newCount);
        if (Files.exists(path)) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate((long) written * entrySize);
            }
        }
    }

    /** Ends writing: the heap's copy goes, the file is mapped. */
    final void seal() throws IOException {
        if (channel != null) {
            writeOut();
            close();
        }
        if (count == 0) {
            entries = NOTHING;
            if (!Files.exists(path)) {
                Files.createFile(path);
            }
            return;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            entries = file.map(FileChannel.MapMode.READ_ONLY, 0, (long) count * entrySize);
        }
    }

    final void force() throws IOException {
        if (Files.exists(path)) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
