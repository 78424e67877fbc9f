package io.penstock.provisioner.nodes;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One node as it is wanted.
 *
 * @param name unique in its cluster, {@code broker-0} or {@code zookeeper-1}
 * @param nodeId brokers count from 0, ZooKeeper nodes from 1
 * @param zone failure domain; a broker's rack
 * @param address IPv4 address, the node's own
 * @param imageVersion version of the software that it runs
 * @param memoryMib memory of the node in MiB
 * @param volumeGib size of its data volume in GiB
 * @param incarnation counts up when the node is to be replaced; its data volume stays
 */
public record NodePlacement(
        String name,
        int nodeId,
        NodeRole role,
        String zone,
        String address,
        String imageVersion,
        int memoryMib,
        int volumeGib,
        int incarnation) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,61}");
    private static final Pattern ADDRESS = Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}");

    public NodePlacement {
        Objects.requireNonNull(role, "role");
        require(NAME.matcher(name).matches(), "node name " + name);
        require(NAME.matcher(zone).matches(), "zone " + zone);
        require(ADDRESS.matcher(address).matches(), "address " + address);
        require(VERSION.matcher(imageVersion).matches(), "image version " + imageVersion);
        require(nodeId >= (role == NodeRole.ZOOKEEPER ? 1 : 0), "node id " + nodeId);
        require(memoryMib >= 64, "memory of " + memoryMib + " MiB");
        require(volumeGib >= 1, "volume of " + volumeGib + " GiB");
        require(incarnation >= 1, "incarnation " + incarnation);
    }

    public static NodePlacement broker(
            int nodeId,
            String zone,
            String address,
            String imageVersion,
            int memoryMib,
            int volumeGib) {
        return new NodePlacement(
                "broker-" + nodeId,
                nodeId,
                NodeRole.BROKER,
                zone,
                address,
                imageVersion,
                memoryMib,
                volumeGib,
                1);
    }

    public static NodePlacement zooKeeper(
            int nodeId,
            String zone,
            String address,
            String imageVersion,
            int memoryMib,
            int volumeGib) {
        return new NodePlacement(
                "zookeeper-" + nodeId,
                nodeId,
                NodeRole.ZOOKEEPER,
                zone,
                address,
                imageVersion,
                memoryMib,
                volumeGib,
                1);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("a node cannot have the " + what);
        }
    }
}
