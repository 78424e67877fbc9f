package io.penstock.controlplane.clusters;

/** Proves that a cluster does what it is for. */
public interface ClusterCanary {
    /** Sends a record through every broker and reads it back; answers what it saw. */
    String canary();

    /** Reaches the clusters of the current tenant. */
    interface Source {
        ClusterCanary of(String clusterId);

        /** Closes what is open to the cluster. */
        void close(String clusterId);
    }
}
