package io.penstock.broker.log;

/**
 * A record found by its timestamp.
 *
 * @param leaderEpoch leader epoch of its batch, or -1
 */
public record OffsetAndTimestamp(long offset, long timestamp, int leaderEpoch) {}
