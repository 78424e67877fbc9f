package io.penstock.broker.replication;

import java.util.OptionalInt;

/**
 * What a follower says of itself when it fetches: it has everything below the offset.
 *
 * @param brokerEpoch of the follower's registration (KIP-903)
 * @param leaderEpoch the one that it knows
 * @param lastFetchedEpoch epoch of its last record; empty if it knows none (KIP-595)
 * @param logStart where its log begins
 */
record FollowerReport(
        int brokerId,
        long brokerEpoch,
        int leaderEpoch,
        long fetchOffset,
        OptionalInt lastFetchedEpoch,
        long logStart,
        FollowerPulse pulse) {}
