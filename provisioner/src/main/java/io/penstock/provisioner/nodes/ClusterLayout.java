package io.penstock.provisioner.nodes;

import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All nodes of one cluster as they are wanted.
 *
 * @param clusterId for example {@code clu_01jd…}; names folders, the state's schema and
 *     certificates
 * @param networkRange the cluster's own range in CIDR notation; every node's address lies in it
 * @param zooKeeperNodes one or an odd number of them
 * @param brokers at least one
 */
public record ClusterLayout(
        String clusterId,
        String networkRange,
        List<NodePlacement> zooKeeperNodes,
        List<NodePlacement> brokers) {

    private static final Pattern CLUSTER_ID = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    public ClusterLayout {
        zooKeeperNodes = List.copyOf(zooKeeperNodes);
        brokers = List.copyOf(brokers);
        requireClusterId(clusterId);
        if (zooKeeperNodes.size() % 2 == 0 || brokers.isEmpty()) {
            throw new IllegalArgumentException(
                    "a cluster has an odd number of ZooKeeper nodes and at least one broker, not "
                            + zooKeeperNodes.size()
                            + " and "
                            + brokers.size());
        }
        Set<String> taken = new HashSet<>();
        for (NodePlacement node :
                Stream.concat(zooKeeperNodes.stream(), brokers.stream()).toList()) {
            if (!taken.add(node.name()) || !taken.add(node.address())) {
                throw new IllegalArgumentException(
                        "two nodes of "
                                + clusterId
                                + " share the name or the address of "
                                + node.name());
            }
        }
    }

    /** Cluster ids become folder and schema names, so nothing else may appear in them. */
    public static String requireClusterId(String clusterId) {
        if (!CLUSTER_ID.matcher(clusterId).matches()) {
            throw new IllegalArgumentException("not a cluster id: " + clusterId);
        }
        return clusterId;
    }

    /** ZooKeeper nodes first, each kind in the order of its ids. */
    public List<NodePlacement> nodes() {
        return Stream.concat(zooKeeperNodes.stream(), brokers.stream()).toList();
    }

    /**
     * @throws NoSuchElementException when the cluster has no such node
     */
    public NodePlacement node(String name) {
        return nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(clusterId + " has no node " + name));
    }

    /** {@code host:port,…} of the listener that tenants' applications use. */
    public String clientBootstrapServers() {
        return addresses(brokers, NodePorts.CLIENT);
    }

    /** {@code host:port,…} of the listener of brokers and control plane. */
    public String internalBootstrapServers() {
        return addresses(brokers, NodePorts.INTERNAL);
    }

    /** {@code host:port,…} of the ZooKeeper ensemble's secure client port. */
    public String zooKeeperConnect() {
        return addresses(zooKeeperNodes, NodePorts.ZOOKEEPER_CLIENT);
    }

    private static String addresses(List<NodePlacement> nodes, int port) {
        return nodes.stream()
                .map(node -> node.address() + ":" + port)
                .collect(Collectors.joining(","));
    }
}
