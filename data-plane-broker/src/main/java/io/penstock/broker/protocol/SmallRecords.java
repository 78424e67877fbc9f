package io.penstock.broker.protocol;

/**
 * Tells, in the order of a message, which records are copied into its buffer and which are sent
 * from their file. The limits keep a message's buffer small and big reads off the heap.
 */
final class SmallRecords {

    static final int LARGEST = 32 * 1024;
    static final int ALL_TOGETHER = 256 * 1024;

    private int taken;

    boolean take(int size) {
        if (size > LARGEST || taken + size > ALL_TOGETHER) {
            return false;
        }
        taken += size;
        return true;
    }
}
