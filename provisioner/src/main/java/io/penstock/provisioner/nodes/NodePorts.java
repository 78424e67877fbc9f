package io.penstock.provisioner.nodes;

/** Ports on a node's own address; the same on every node of every cluster. */
public final class NodePorts {
    public static final int CLIENT = 9094;
    public static final int INTERNAL = 9093;
    public static final int MANAGEMENT = 9644;
    public static final int ZOOKEEPER_CLIENT = 2281;
    public static final int ZOOKEEPER_QUORUM = 2888;
    public static final int ZOOKEEPER_ELECTION = 3888;

    private NodePorts() {}
}
