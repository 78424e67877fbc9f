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
 * written lie in the heap as well; those of a sealed one are mapped. One thread writes; any thread
 * reads without a lock, since an entry is complete before the count says so.
 */
abstract class IndexFile implements Closeable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int FIRST_CAPACITY = 16;

    private final Path path;
    private final int entrySize;
    private FileChannel channel;
    private volatile ByteBuffer entries = NOTHING;
    private volatile int count;

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
        int from = count * entrySize;
        ByteBuffer entry = entries.duplicate().limit(from + entrySize).position(from);
        while (entry.hasRemaining()) {
            channel.write(entry, entry.position());
        }
        count++;
    }

    final void truncateTo(int newCount) throws IOException {
        count = Math.min(count, newCount);
        if (Files.exists(path)) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate((long) count * entrySize);
            }
        }
    }

    /** Ends writing: the heap's copy goes, the file is mapped. */
    final void seal() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
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
