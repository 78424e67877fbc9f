package io.penstock.controlplane.groups;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"group", "state", "total_lag", "partitions"})
public record GroupOffsets(
        String group, String state, long totalLag, List<PartitionOffset> partitions) {

    @Schema(requiredProperties = {"topic", "partition", "committed_offset", "end_offset", "lag"})
    public record PartitionOffset(
            String topic, int partition, long committedOffset, long endOffset, long lag) {}
}
