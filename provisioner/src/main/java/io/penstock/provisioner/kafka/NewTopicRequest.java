package io.penstock.provisioner.kafka;

import java.util.Map;
import java.util.OptionalInt;

/**
 * @param replicationFactor empty: the cluster's default
 */
public record NewTopicRequest(
        String name, int partitions, OptionalInt replicationFactor, Map<String, String> configs) {
    public NewTopicRequest {
        configs = Map.copyOf(configs);
    }
}
