package io.penstock.broker.group;

import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Map;

/**
 * How far the groups coordinated here are.
 *
 * @param groupsByState number of groups by state as Kafka names it ("Stable", "Empty" …)
 * @param committed the committed offsets of all groups
 */
public record GroupProgress(Map<String, Long> groupsByState, List<Committed> committed) {

    public static final GroupProgress NONE = new GroupProgress(Map.of(), List.of());

    /** What a group committed for a partition: the offset of the next record it wants. */
    public record Committed(String group, TopicPartition partition, long offset) {}
}
