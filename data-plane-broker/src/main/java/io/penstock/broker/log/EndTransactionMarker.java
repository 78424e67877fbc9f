package io.penstock.broker.log;

import java.nio.ByteBuffer;

/** The one record of a control batch that ends a transaction. */
record EndTransactionMarker(boolean commits, int coordinatorEpoch) {

    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    /** The marker in the control batch, or null if the batch holds another kind of record. */
    static EndTransactionMarker read(ByteBuffer batches, int at) {
        int size = (int) RecordBatchHeader.sizeInBytes(batches, at);
        ByteBuffer records =
                batches.duplicate().limit(at + size).position(at + RecordBatchHeader.SIZE);
        try {
            Varints.readInt(records); // length
            records.get(); // attributes
            Varints.readLong(records); // timestamp delta
            Varints.readInt(records); // offset delta
            int keyLength = Varints.readInt(records);
            if (keyLength < 4) {
                return null;
            }
            records.getShort(); // version of the key
            short type = records.getShort();
            records.position(records.position() + keyLength - 4);
            int valueLength = Varints.readInt(records);
            if ((type != ABORT && type != COMMIT) || valueLength < 6) {
                return null;
            }
            records.getShort(); // version of the value
            return new EndTransactionMarker(type == COMMIT, records.getInt());
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException malformed) {
            return null;
        }
    }
}
