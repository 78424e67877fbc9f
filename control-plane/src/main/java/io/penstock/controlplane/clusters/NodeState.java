package io.penstock.controlplane.clusters;

/** How far a node has come, as last seen; {@code UNREACHABLE} had been seen before. */
public enum NodeState {
    PENDING,
    ENROLLED,
    STARTING,
    RUNNING,
    STOPPING,
    UNREACHABLE
}
