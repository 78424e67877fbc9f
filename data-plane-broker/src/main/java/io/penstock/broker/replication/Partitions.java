package io.penstock.broker.replication;

import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.Optional;

/** The partitions with a replica on this broker. */
public interface Partitions {

    Optional<Partition> find(TopicPartition partition);

    Collection<Partition> all();
}
