package io.penstock.controlplane.connections;

import io.penstock.controlplane.access.ClusterUsers;
import io.penstock.controlplane.clusters.ClusterCanary;
import io.penstock.controlplane.groups.ClusterGroups;
import io.penstock.controlplane.topics.ClusterTopics;

/** Kept-open clients, one for each cluster in use. */
public interface ClusterClients
        extends ClusterTopics.Source,
                ClusterUsers.Source,
                ClusterGroups.Source,
                ClusterCanary.Source {
    @Override
    ClusterClient of(String clusterId);
}
