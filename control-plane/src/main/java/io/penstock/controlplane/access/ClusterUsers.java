package io.penstock.controlplane.access;

/**
 * The users of one cluster. Calls are bounded; a cluster that does not answer ends them with a
 * retryable problem {@code cluster_unavailable}.
 */
public interface ClusterUsers {
    /** Makes or replaces the user with the rights of the preset; answers its password. */
    String createCredential(String username, Preset preset, String prefix);

    /** Succeeds also when there is no such user. */
    void deleteCredential(String username);

    /** Reaches the clusters of the current tenant. */
    interface Source {
        ClusterUsers of(String clusterId);
    }
}
