package io.penstock.controlplane.platform;

/** Kept-open clients, one for each cluster in use. */
public interface ClusterClients {
    ClusterClient of(String clusterId);

    /** Closes the cluster's client, if there is one. */
    void close(String clusterId);
}
