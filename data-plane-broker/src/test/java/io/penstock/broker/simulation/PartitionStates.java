package io.penstock.broker.simulation;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;

import org.apache.kafka.common.TopicIdPartition;

import java.util.Optional;

/** Looks partitions up by the id of their topic, for another topic may have the name since. */
final class PartitionStates {

    private PartitionStates() {}

    static Optional<PartitionState> of(ClusterImage image, TopicIdPartition partition) {
        return image.topic(partition.topicId())
                .filter(topic -> partition.partition() < topic.partitions().size())
                .map(topic -> topic.partitions().get(partition.partition()));
    }
}
