package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.scram.ScramCredential;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of the cluster's metadata, committed by the controller. Applying a record twice is the
 * same as applying it once.
 */
public sealed interface MetadataRecord {

    record ClusterIdentified(String clusterId) implements MetadataRecord {}

    record ControllerElected(int brokerId) implements MetadataRecord {}

    record BrokerRegistered(BrokerRegistration registration) implements MetadataRecord {}

    record BrokerUnregistered(int brokerId) implements MetadataRecord {}

    /** Also written when partitions are added: it replaces the whole topic. */
    record TopicChanged(TopicState topic) implements MetadataRecord {}

    record TopicDeleted(Uuid topicId) implements MetadataRecord {}

    record PartitionChanged(Uuid topicId, int partition, PartitionState state)
            implements MetadataRecord {}

    /** Replaces everything that was set for the resource; empty when nothing is set any more. */
    record ConfigChanged(ConfigResource resource, Map<String, String> values)
            implements MetadataRecord {}

    record AclsAdded(List<AclBinding> bindings) implements MetadataRecord {}

    record AclsRemoved(List<AclBinding> bindings) implements MetadataRecord {}

    /** An empty credential removes the user's one of this mechanism. */
    record ScramChanged(String user, String mechanism, Optional<ScramCredential> credential)
            implements MetadataRecord {}
}
