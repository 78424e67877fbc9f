package io.penstock.provisioner.kafka;

import java.util.List;

/**
 * How far a group has come.
 *
 * @param state as Kafka names it, for example {@code Stable} or {@code Empty}
 * @param totalLag records not yet consumed, over all partitions
 */
public record GroupOffsets(
        String group, String state, long totalLag, List<PartitionLag> partitions) {
    public GroupOffsets {
        partitions = List.copyOf(partitions);
    }

    /**
     * @param endOffset the next record's offset; equal to the committed one when the partition
     *     cannot be asked now
     */
    public record PartitionLag(
            String topic, int partition, long committedOffset, long endOffset, long lag) {}
}
