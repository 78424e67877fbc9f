package io.penstock.controlplane.platform;

/** What a node said of itself. */
public sealed interface NodeReport {
    /** No answer, and why. */
    record Unreachable(String reason) implements NodeReport {}

    /**
     * @param serving whether it serves clients
     * @param state {@code STARTING}, {@code RUNNING} or {@code STOPPING}
     * @param knownBrokers brokers registered as it knows
     */
    record Broker(
            boolean serving,
            String state,
            String version,
            boolean controller,
            int knownBrokers,
            int leaders,
            int partitions,
            int offlinePartitions,
            int underReplicatedPartitions)
            implements NodeReport {}

    /**
     * @param mode {@code leader}, {@code follower}, {@code standalone} or {@code looking}
     */
    record ZooKeeper(boolean serving, String state, String version, String mode)
            implements NodeReport {}
}
