package io.penstock.broker.log;

/** A leader epoch and the offset after its last record. */
public record LeaderEpochEnd(int leaderEpoch, long endOffset) {}
