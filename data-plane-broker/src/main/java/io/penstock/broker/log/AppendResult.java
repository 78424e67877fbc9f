package io.penstock.broker.log;

/** What became of an append. */
public sealed interface AppendResult {

    /**
     * The records are in the log.
     *
     * @param baseOffset offset of the first record
     * @param lastOffset offset of the last record
     * @param logAppendTime milliseconds since the epoch for topics with LogAppendTime, else -1
     * @param duplicate whether an idempotent producer sent this before, and nothing was written
     */
    record Appended(
            long baseOffset,
            long lastOffset,
            long logAppendTime,
            long logStartOffset,
            boolean duplicate)
            implements AppendResult {}

    /** Nothing was written. The reason is one the protocol has an error code for. */
    record Refused(Reason reason, String detail) implements AppendResult {}

    /** Why an append was refused. */
    enum Reason {
        CORRUPT_BATCH,
        UNSUPPORTED_MAGIC,
        INVALID_RECORD,
        INVALID_TIMESTAMP,
        MESSAGE_TOO_LARGE,
        BATCH_LARGER_THAN_SEGMENT,
        OUT_OF_ORDER_SEQUENCE,
        DUPLICATE_SEQUENCE,
        UNKNOWN_PRODUCER,
        INVALID_PRODUCER_EPOCH,
        INVALID_TRANSACTION_STATE,
        COORDINATOR_FENCED,
        NOT_LEADER,
        NOT_ENOUGH_REPLICAS,
        STORAGE_ERROR
    }
}
