package io.penstock.controlplane.clusters;

import io.penstock.controlplane.platform.NodeReport;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What a node's report means for the node, and what the nodes mean for their cluster. */
final class NodeHealthRules {
    private NodeHealthRules() {}

    /**
     * @param detail why it is not healthy, or null
     */
    record Verdict(Health health, String detail) {}

    static void apply(NodeReport report, NodeEntity node, Instant now) {
        switch (report) {
            case NodeReport.Broker broker -> {
                node.state = state(broker.state());
                node.health =
                        !broker.serving()
                                ? Health.UNAVAILABLE
                                : broker.offlinePartitions() > 0
                                                || broker.underReplicatedPartitions() > 0
                                        ? Health.DEGRADED
                                        : Health.HEALTHY;
                node.version = broker.version() == null ? node.version : broker.version();
                node.leaders = broker.leaders();
                node.partitions = broker.partitions();
                node.controller = broker.controller();
                node.seenAt = now;
            }
            case NodeReport.ZooKeeper zookeeper -> {
                node.state = state(zookeeper.state());
                node.health = zookeeper.serving() ? Health.HEALTHY : Health.UNAVAILABLE;
                node.version = zookeeper.version() == null ? node.version : zookeeper.version();
                node.controller =
                        zookeeper.serving()
                                && ("leader".equals(zookeeper.mode())
                                        || "standalone".equals(zookeeper.mode()));
                node.seenAt = now;
            }
            case NodeReport.Unreachable gone -> {
                if (node.seenAt != null) {
                    node.state = NodeState.UNREACHABLE;
                    node.health = Health.UNAVAILABLE;
                    node.controller = false;
                }
            }
        }
    }

    static Verdict judge(List<Node> nodes) {
        if (nodes.stream().allMatch(node -> node.health() == Health.HEALTHY)) {
            return new Verdict(Health.HEALTHY, null);
        }
        if (nodes.stream().allMatch(node -> node.health() == Health.UNKNOWN)) {
            return new Verdict(Health.UNKNOWN, null);
        }
        var troubled =
                nodes.stream()
                        .filter(node -> node.health() != Health.HEALTHY)
                        .map(node -> "%s is %s".formatted(node.name(), node.state()))
                        .collect(Collectors.joining(", "));
        return new Verdict(
                serves(nodes, NodeRole.BROKER, 1)
                                && serves(nodes, NodeRole.ZOOKEEPER, quorum(nodes))
                        ? Health.DEGRADED
                        : Health.UNAVAILABLE,
                troubled);
    }

    private static boolean serves(List<Node> nodes, NodeRole role, long needed) {
        return nodes.stream()
                        .filter(node -> node.role() == role)
                        .filter(
                                node ->
                                        node.health() == Health.HEALTHY
                                                || node.health() == Health.DEGRADED)
                        .count()
                >= needed;
    }

    private static long quorum(List<Node> nodes) {
        return nodes.stream().filter(node -> node.role() == NodeRole.ZOOKEEPER).count() / 2 + 1;
    }

    private static NodeState state(String reported) {
        return switch (reported) {
            case "STARTING" -> NodeState.STARTING;
            case "STOPPING" -> NodeState.STOPPING;
            case null, default -> NodeState.RUNNING;
        };
    }
}
