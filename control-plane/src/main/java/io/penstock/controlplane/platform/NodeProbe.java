package io.penstock.controlplane.platform;

import io.penstock.provisioner.nodes.NodePlacement;

/** Asks a node how it is. */
public interface NodeProbe {
    /** Answers within a few seconds, also when the node does not. */
    NodeReport ask(String clusterId, NodePlacement node);
}
