package io.penstock.broker.log;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The latest offset of each key in a part of a log, in bounded memory: 24 bytes a key, which is
 * known by its MD5 alone. Open addressing with linear probing; entries are never removed.
 */
final class LatestOffsets {

    private static final int LONGS_PER_ENTRY = 3;
    private static final int ENTRY_BYTES = LONGS_PER_ENTRY * Long.BYTES;
    private static final int MOST_ENTRIES = (Integer.MAX_VALUE - 8) / LONGS_PER_ENTRY;
    private static final int LEAST_ENTRIES = 16;

    private final MessageDigest digest;
    private final byte[] hash = new byte[16];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash);

    /** Per entry: both halves of the hash, and the offset plus one, so that 0 means empty. */
    private final long[] table;

    private final int entries;
    private final int capacity;
    private int size;
    private long latestOffset = -1;

    /**
     * @param memoryBytes most memory to take
     * @param loadFactor share of it that may be used
     * @param mostKeys more keys than this do not come
     */
    LatestOffsets(long memoryBytes, double loadFactor, long mostKeys) {
        long wanted = (long) Math.ceil(mostKeys / loadFactor) + 1;
        long allowed = Math.min(memoryBytes / ENTRY_BYTES, MOST_ENTRIES);
        this.entries = (int) Math.max(LEAST_ENTRIES, Math.min(wanted, allowed));
        this.capacity = Math.min(entries - 1, (int) (entries * loadFactor));
        this.table = new long[entries * LONGS_PER_ENTRY];
        try {
            this.digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    boolean isFull() {
        return size >= capacity;
    }

    int size() {
        return size;
    }

    /** Must not be called when full. */
    void put(ByteBuffer key, long offset) {
        int at = find(key);
        if (table[at + 2] == 0) {
            table[at] = hashed.getLong(0);
            table[at + 1] = hashed.getLong(8);
            size++;
        }
        table[at + 2] = offset + 1;
    }

    /** The latest offset of the key, or -1. */
    long get(ByteBuffer key) {
        return table[find(key) + 2] - 1;
    }

    /** Every key up to this offset was put. */
    long latestOffset() {
        return latestOffset;
    }

    void advanceTo(long offset) {
        latestOffset = Math.max(latestOffset, offset);
    }

    /** Where the key is, or the empty place where it belongs. */
    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            digest.digest(hash, 0, hash.length);
        } catch (java.security.DigestException neverTooShort) {
            throw new IllegalStateException(neverTooShort);
        }
        long first = hashed.getLong(0);
        long second = hashed.getLong(8);
        int index = Math.floorMod(first, entries);
        while (true) {
            int at = index * LONGS_PER_ENTRY;
            if (table[at + 2] == 0 || (table[at] == first && table[at + 1] == second)) {
                return at;
            }
            index = index + 1 == entries ? 0 : index + 1;
        }
    }
}
