package io.penstock.broker.log;

/**
 * A transaction that a marker aborted.
 *
 * @param firstOffset first record of the transaction
 * @param lastOffset its abort marker
 * @param lastStableOffset the last stable offset once it was aborted
 */
public record AbortedTransaction(
        long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
