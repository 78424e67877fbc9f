package io.penstock.broker.group;

import java.util.Map;
import java.util.OptionalInt;

/**
 * What the coordinator is told of the broker's configuration.
 *
 * @param brokerId this broker
 * @param properties the broker's properties under Kafka's names, of which it takes its own ({@code
 *     group.*}, {@code offsets.*})
 * @param offsetsTopicPartitions partitions that the offsets topic is created with
 * @param offsetsTopicReplicationFactor replicas that each is created with; without it three, or as
 *     many as brokers are live
 * @param maxMessageBytes largest batch that a topic takes by default
 */
public record GroupSettings(
        int brokerId,
        Map<String, String> properties,
        int offsetsTopicPartitions,
        OptionalInt offsetsTopicReplicationFactor,
        int maxMessageBytes) {

    public GroupSettings {
        properties = Map.copyOf(properties);
    }
}
