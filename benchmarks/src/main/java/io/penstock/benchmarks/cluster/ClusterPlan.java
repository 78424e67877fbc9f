package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.cluster.NodePlan.Role;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The processes of a cluster, in the order in which they start.
 *
 * @param tls of a secured cluster; unused otherwise
 * @param folder holds data, properties and logs, and is wiped before a fresh start
 */
public record ClusterPlan(
        ClusterShape shape, Path folder, String address, List<NodePlan> nodes, TlsMaterial tls) {

    /** Plain, or mutual TLS in a secured cluster; the brokers' own. */
    static final int INTERNAL_PORT = 9192;

    /** TLS with SCRAM, of secured clusters only. */
    static final int CLIENT_PORT = 9292;

    public List<NodePlan> brokers() {
        return nodes.stream().filter(NodePlan::isBroker).toList();
    }

    public List<NodePlan> coordination() {
        return nodes.stream().filter(node -> !node.isBroker()).toList();
    }

    public List<NodePlan> zooKeepers() {
        return nodes.stream().filter(node -> node.role() == Role.ZOOKEEPER).toList();
    }

    /** For administration: what a race does to a cluster is not what it measures. */
    public String internalServers() {
        return servers(INTERNAL_PORT);
    }

    public String clientServers() {
        return servers(shape.secured() ? CLIENT_PORT : INTERNAL_PORT);
    }

    private String servers(int basePort) {
        return brokers().stream()
                .map(broker -> address + ":" + (basePort + broker.id()))
                .collect(Collectors.joining(","));
    }
}
