package io.penstock.controlplane.clusters;

public enum ClusterState {
    CREATING,
    ACTIVE,
    UPDATING,
    MAINTENANCE,
    HEALING,
    DELETING,
    DELETED,
    FAILED
}
