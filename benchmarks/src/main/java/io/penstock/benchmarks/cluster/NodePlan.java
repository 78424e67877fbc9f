package io.penstock.benchmarks.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One process of a side.
 *
 * @param id broker id, controller's node id, or ZooKeeper's number
 * @param command replaced by nothing else: its process is the node
 * @param port that opens when the process is ready for the next ones to start
 */
public record NodePlan(
        String name,
        Role role,
        int id,
        List<String> command,
        Map<String, String> environment,
        Map<Path, String> files,
        int port) {

    /** What a process is for. A combined KRaft node counts as a broker. */
    public enum Role {
        BROKER,
        CONTROLLER,
        ZOOKEEPER
    }

    public boolean isBroker() {
        return role == Role.BROKER;
    }
}
