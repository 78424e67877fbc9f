package io.penstock.controlplane.groups;

/**
 * The consumer groups of one cluster. Calls are bounded; a cluster that does not answer ends them
 * with a retryable problem {@code cluster_unavailable}.
 */
public interface ClusterGroups {
    GroupOffsets groupOffsets(String group);

    /** Reaches the clusters of the current tenant. */
    interface Source {
        ClusterGroups of(String clusterId);
    }
}
