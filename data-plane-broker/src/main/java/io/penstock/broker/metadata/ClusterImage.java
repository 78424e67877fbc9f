package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.scram.ScramCredential;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a broker knows of its cluster at one position of the metadata stream. Immutable; one
 * is swapped for the next.
 *
 * @param clusterId Kafka's cluster id, made when the first broker registers
 * @param position where in the controller's stream this image stands
 * @param controller broker id of the active controller, or empty while none is known
 * @param brokers registered brokers by id
 * @param topics topics by name
 * @param topicNames names by topic id
 * @param configs dynamic configuration by resource: only what was set, no defaults
 * @param acls access control entries
 * @param scram SCRAM credentials: user, then mechanism as Kafka names it ("SCRAM-SHA-512")
 * @param departed the last registration of brokers that are not registered now, by id: whether one
 *     that returns is trusted depends on it
 */
public record ClusterImage(
        String clusterId,
        StreamPosition position,
        Optional<Integer> controller,
        Map<Integer, BrokerRegistration> brokers,
        Map<String, TopicState> topics,
        Map<Uuid, String> topicNames,
        Map<ConfigResource, Map<String, String>> configs,
        Set<AclBinding> acls,
        Map<String, Map<String, ScramCredential>> scram,
        Map<Integer, BrokerRegistration> departed) {

    public static final ClusterImage EMPTY =
            new ClusterImage(
                    "",
                    StreamPosition.NONE,
                    Optional.empty(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Set.of(),
                    Map.of(),
                    Map.of());

    /** Of a cluster that no broker ever left. */
    public ClusterImage(
            String clusterId,
            StreamPosition position,
            Optional<Integer> controller,
            Map<Integer, BrokerRegistration> brokers,
            Map<String, TopicState> topics,
            Map<Uuid, String> topicNames,
            Map<ConfigResource, Map<String, String>> configs,
            Set<AclBinding> acls,
            Map<String, Map<String, ScramCredential>> scram) {
        this(
                clusterId,
                position,
                controller,
                brokers,
                topics,
                topicNames,
                configs,
                acls,
                scram,
                Map.of());
    }

    /** The registration of the broker, or the last one it had; empty when it never had any. */
    public Optional<BrokerRegistration> lastRegistration(int brokerId) {
        return Optional.ofNullable(brokers.getOrDefault(brokerId, departed.get(brokerId)));
    }

    public Optional<TopicState> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<TopicState> topic(Uuid id) {
        return Optional.ofNullable(topicNames.get(id)).map(topics::get);
    }

    public Optional<PartitionState> partition(String topic, int partition) {
        return topic(topic)
                .filter(t -> partition >= 0 && partition < t.partitions().size())
                .map(t -> t.partitions().get(partition));
    }

    /** What was set for the resource, without defaults; empty where nothing was. */
    public Map<String, String> config(ConfigResource.Type type, String name) {
        return configs.getOrDefault(new ConfigResource(type, name), Map.of());
    }
}
