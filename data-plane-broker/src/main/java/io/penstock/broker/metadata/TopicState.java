package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;

import java.util.List;

/** A topic that exists; {@code partitions} is indexed by partition number. */
public record TopicState(Uuid id, String name, List<PartitionState> partitions) {}
