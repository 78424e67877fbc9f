package io.penstock.broker.log;

import java.nio.ByteBuffer;

/** Zigzag-encoded numbers of variable length, as in records. */
final class Varints {

    private Varints() {}

    static int readInt(ByteBuffer buffer) {
        return Math.toIntExact(readLong(buffer));
    }

    /**
     * @throws IllegalArgumentException if the number has more than ten bytes
     */
    static long readLong(ByteBuffer buffer) {
        long raw = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = buffer.get();
            raw |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }
}
