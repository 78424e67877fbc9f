package io.penstock.broker.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The fixed part of a record batch of format 2, read and patched in place at an absolute index of a
 * buffer. Base offset, length, leader epoch and magic lie outside the checksum.
 */
public final class RecordBatchHeader {

    /** Bytes before the records. */
    public static final int SIZE = 61;

    /** Bytes before those that the length field counts. */
    public static final int LENGTH_OVERHEAD = 12;

    public static final byte MAGIC = 2;
    public static final long NO_PRODUCER = -1;
    public static final long NO_TIMESTAMP = -1;

    private static final int LENGTH = 8;
    private static final int LEADER_EPOCH = 12;
    private static final int MAGIC_INDEX = 16;
    private static final int CHECKSUM = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int COUNT = 57;

    private static final int COMPRESSION_MASK = 0x07;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;
    private static final int DELETE_HORIZON = 0x40;

    private RecordBatchHeader() {}

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    /** Bytes of the whole batch, header included; may be nonsense in a damaged batch. */
    public static long sizeInBytes(ByteBuffer buffer, int at) {
        return (long) buffer.getInt(at + LENGTH) + LENGTH_OVERHEAD;
    }

    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LEADER_EPOCH);
    }

    public static byte magic(ByteBuffer buffer, int at) {
        return buffer.get(at + MAGIC_INDEX);
    }

    /** The checksum that the batch carries. */
    public static int checksum(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CHECKSUM);
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE_TIMESTAMP);
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + PRODUCER_EPOCH);
    }

    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BASE_SEQUENCE);
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + COUNT);
    }

    /** Kafka's number of the compression codec, 0 for none. */
    public static int compression(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & COMPRESSION_MASK;
    }

    public static boolean isLogAppendTime(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & LOG_APPEND_TIME) != 0;
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TRANSACTIONAL) != 0;
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & CONTROL) != 0;
    }

    /** Whether compaction wrote a delete horizon in the place of the base timestamp. */
    public static boolean hasDeleteHorizon(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & DELETE_HORIZON) != 0;
    }

    /** The checksum over the batch's present bytes; the buffer's position and limit stay. */
    public static int computeChecksum(ByteBuffer buffer, int at, int sizeInBytes) {
        int position = buffer.position();
        int limit = buffer.limit();
        CRC32C checksum = new CRC32C();
        buffer.limit(at + sizeInBytes).position(at + ATTRIBUTES);
        checksum.update(buffer);
        buffer.limit(limit).position(position);
        return (int) checksum.getValue();
    }

    static int checksummedFrom() {
        return ATTRIBUTES;
    }

    static void patchOffsetAndEpoch(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + LEADER_EPOCH, leaderEpoch);
    }

    /** Makes the batch carry the broker's time, and its checksum right again. */
    static void patchLogAppendTime(ByteBuffer buffer, int at, long timestamp) {
        buffer.putShort(at + ATTRIBUTES, (short) (attributes(buffer, at) | LOG_APPEND_TIME));
        buffer.putLong(at + MAX_TIMESTAMP, timestamp);
        int size = Math.toIntExact(sizeInBytes(buffer, at));
        buffer.putInt(at + CHECKSUM, computeChecksum(buffer, at, size));
    }

    private static short attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + ATTRIBUTES);
    }
}
