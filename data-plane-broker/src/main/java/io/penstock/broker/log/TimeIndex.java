package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The largest timestamp so far and the offset that has it: (timestamp, offset relative to the
 * segment's base), 12 bytes each, ascending in both.
 */
final class TimeIndex extends IndexFile {

    static final int ENTRY_SIZE = 12;

    private final long baseOffset;

    TimeIndex(Path path, long baseOffset) {
        super(path, ENTRY_SIZE);
        this.baseOffset = baseOffset;
    }

    /** Adds an entry if the timestamp is larger than the last one. */
    void append(long timestamp, long offset) throws IOException {
        if (timestamp <= lastTimestamp()) {
            return;
        }
        ByteBuffer buffer = roomForNext();
        int at = at(count());
        buffer.putLong(at, timestamp);
        buffer.putInt(at + 8, Math.toIntExact(offset - baseOffset));
        publish();
    }

    long lastTimestamp() {
        int count = count();
        return count == 0 ? RecordBatchHeader.NO_TIMESTAMP : entries().getLong(at(count - 1));
    }

    long lastOffset() {
        int count = count();
        return count == 0 ? baseOffset : offset(count - 1);
    }

    /** An offset before which every timestamp is smaller than the given one. */
    long offsetBefore(long timestamp) {
        int low = 0;
        int high = count() - 1;
        ByteBuffer buffer = entries();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (buffer.getLong(at(middle)) < timestamp) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? baseOffset : offset(high);
    }

    /** Drops the entries at or after the offset. */
    void truncateToOffset(long offset) throws IOException {
        int keep = count();
        while (keep > 0 && offset(keep - 1) >= offset) {
            keep--;
        }
        truncateTo(keep);
    }

    private long offset(int index) {
        return baseOffset + entries().getInt(at(index) + 8);
    }
}
