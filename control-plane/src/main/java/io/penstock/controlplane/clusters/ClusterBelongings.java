package io.penstock.controlplane.clusters;

/** What a feature keeps of a cluster, and forgets when the cluster is deleted. */
public interface ClusterBelongings {
    /** Belongs into the caller's transaction. */
    void forget(String clusterId);
}
