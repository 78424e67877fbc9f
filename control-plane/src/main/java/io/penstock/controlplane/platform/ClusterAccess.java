package io.penstock.controlplane.platform;

import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.ClusterAuthority;

/** What it takes to reach a cluster's nodes: where they are, and who signs for them. */
public record ClusterAccess(ClusterLayout layout, ClusterAuthority authority) {

    /** Answers it for clusters of the current tenant. */
    public interface Source {
        /**
         * @throws io.penstock.controlplane.api.ProblemException {@code cluster_unavailable} while
         *     the cluster has no nodes or authority
         */
        ClusterAccess of(String clusterId);
    }
}
