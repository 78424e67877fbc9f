package io.penstock.controlplane.connections;

import io.penstock.controlplane.access.ClusterUsers;
import io.penstock.controlplane.clusters.ClusterCanary;
import io.penstock.controlplane.groups.ClusterGroups;
import io.penstock.controlplane.topics.ClusterTopics;

/** Speaks Kafka to one cluster as the control plane's principal. */
public interface ClusterClient extends ClusterTopics, ClusterUsers, ClusterGroups, ClusterCanary {}
