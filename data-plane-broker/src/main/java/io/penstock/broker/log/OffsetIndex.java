package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where batches lie in a segment: (last offset of a batch relative to the segment's base, position
 * of that batch), 8 bytes each.
 */
final class OffsetIndex extends IndexFile {

    static final int ENTRY_SIZE = 8;

    private final long baseOffset;

    OffsetIndex(Path path, long baseOffset) {
        super(path, ENTRY_SIZE);
        this.baseOffset = baseOffset;
    }

    void append(long lastOffset, int position) throws IOException {
        ByteBuffer buffer = roomForNext();
        int at = at(count());
        buffer.putInt(at, Math.toIntExact(lastOffset - baseOffset));
        buffer.putInt(at + 4, position);
        publish();
    }

    /** A position at or before the batch that holds the offset. */
    int positionBefore(long offset) {
        int index = lastAtOrBelow(offset, count());
        return index < 0 ? 0 : position(index);
    }

    int position(int index) {
        return entries().getInt(at(index) + 4);
    }

    long offset(int index) {
        return baseOffset + entries().getInt(at(index));
    }

    /** Drops the entries of batches at or after the position. */
    void truncateToPosition(int position) throws IOException {
        int keep = count();
        while (keep > 0 && position(keep - 1) >= position) {
            keep--;
        }
        truncateTo(keep);
    }

    /** Whether entries ascend at both ends and point into a file of that size. */
    boolean plausible(int segmentSize) {
        int count = count();
        return count == 0
                || (offset(0) >= baseOffset
                        && offset(count - 1) >= offset(0)
                        && position(count - 1) < segmentSize
                        && position(count - 1) >= position(0));
    }

    private int lastAtOrBelow(long offset, int count) {
        ByteBuffer buffer = entries();
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (baseOffset + buffer.getInt(at(middle)) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
