package io.penstock.broker.replication;

import java.util.OptionalInt;

/**
 * Where a follower goes on.
 *
 * @param lastFetchedEpoch the latest epoch in its log; empty if there is none
 */
record FetchPosition(long offset, OptionalInt lastFetchedEpoch, long logStart) {}
