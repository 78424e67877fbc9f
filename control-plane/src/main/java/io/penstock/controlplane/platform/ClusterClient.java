package io.penstock.controlplane.platform;

import io.penstock.controlplane.access.Preset;
import io.penstock.controlplane.groups.GroupOffsets;
import io.penstock.controlplane.topics.NewTopic;
import io.penstock.controlplane.topics.Topic;

import java.util.List;

/**
 * Speaks Kafka to one cluster as the control plane's principal. Calls are bounded; a cluster that
 * does not answer ends them with a retryable problem {@code cluster_unavailable}.
 */
public interface ClusterClient {
    /** The tenant's topics; the brokers' own are hidden. */
    List<Topic> topics();

    Topic topic(String name);

    Topic createTopic(NewTopic topic);

    void deleteTopic(String name);

    /** Makes or replaces the user with the rights of the preset; answers its password. */
    String createCredential(String username, Preset preset, String prefix);

    /** Succeeds also when there is no such user. */
    void deleteCredential(String username);

    GroupOffsets groupOffsets(String group);

    int registeredBrokers();

    /** Sends a record through every broker and reads it back; answers what it saw. */
    String canary();
}
