package io.penstock.provisioner.kafka;

import java.util.Map;

/**
 * @param minInsyncReplicas how many must have a record before a producer with acks=all is answered
 * @param configs only what was set on the topic itself, not the defaults
 */
public record Topic(
        String name,
        int partitions,
        int replicationFactor,
        int minInsyncReplicas,
        Map<String, String> configs) {
    public Topic {
        configs = Map.copyOf(configs);
    }

    /** Names that begin so belong to the service; tenants neither see nor touch them. */
    public static boolean isInternal(String name) {
        return name.startsWith("__");
    }
}
