package io.penstock.controlplane.topics;

import java.util.List;

/**
 * The topics of one cluster, as it tells them. Calls are bounded; a cluster that does not answer
 * ends them with a retryable problem {@code cluster_unavailable}.
 */
public interface ClusterTopics {
    /** The tenant's topics; the brokers' own are hidden. */
    List<Topic> topics();

    Topic topic(String name);

    Topic createTopic(NewTopic topic);

    void deleteTopic(String name);

    /** Reaches the clusters of the current tenant. */
    interface Source {
        ClusterTopics of(String clusterId);
    }
}
