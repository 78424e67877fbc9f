package io.penstock.broker.handler;

import io.penstock.broker.replication.Partition;

import java.util.OptionalInt;

/** Says from which replica a consumer should rather read than from the leader (KIP-392). */
@FunctionalInterface
interface ReadReplicaSelector {

    /** Everybody reads from the leader. */
    ReadReplicaSelector LEADER = (partition, offset, rack) -> OptionalInt.empty();

    /**
     * @param partition as this broker has it
     * @param rack the client's, or empty
     * @return empty where the client is right here
     */
    OptionalInt nearer(Partition partition, long offset, String rack);
}
