package io.penstock.systemtests.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What cluster a scenario needs.
 *
 * @param hasNamespaces each node in a network namespace of its own, so that links can be cut
 * @param hasMovableClocks each broker with a wall clock of its own ({@link MovableClock})
 * @param diskMebibytes size of a file system of its own for each broker's log directory, if limited
 */
record ClusterPlan(
        int brokers,
        int zooKeepers,
        int replicationFactor,
        boolean hasNamespaces,
        boolean hasMovableClocks,
        OptionalInt diskMebibytes) {

    static ClusterPlan ofThreeBrokers() {
        return new ClusterPlan(3, 1, 3, false, false, OptionalInt.empty());
    }

    static ClusterPlan ofOneBroker() {
        return new ClusterPlan(1, 1, 1, false, false, OptionalInt.empty());
    }

    ClusterPlan withZooKeepers(int count) {
        return new ClusterPlan(
                brokers, count, replicationFactor, hasNamespaces, hasMovableClocks, diskMebibytes);
    }

    ClusterPlan withNamespaces() {
        return new ClusterPlan(
                brokers, zooKeepers, replicationFactor, true, hasMovableClocks, diskMebibytes);
    }

    ClusterPlan withMovableClocks() {
        return new ClusterPlan(
                brokers, zooKeepers, replicationFactor, hasNamespaces, true, diskMebibytes);
    }

    ClusterPlan withDisksOf(int mebibytes) {
        return new ClusterPlan(
                brokers,
                zooKeepers,
                replicationFactor,
                hasNamespaces,
                hasMovableClocks,
                OptionalInt.of(mebibytes));
    }

    List<String> brokerNames() {
        return IntStream.range(0, brokers).mapToObj(id -> "broker-" + id).toList();
    }

    List<String> zooKeeperNames() {
        return IntStream.rangeClosed(1, zooKeepers).mapToObj(id -> "zookeeper-" + id).toList();
    }

    List<String> nodeNames() {
        var names = new ArrayList<>(brokerNames());
        names.addAll(zooKeeperNames());
        return List.copyOf(names);
    }
}
