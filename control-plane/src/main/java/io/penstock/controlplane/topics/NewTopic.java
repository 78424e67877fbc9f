package io.penstock.controlplane.topics;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.Map;

@Schema(requiredProperties = {"name", "partitions"})
public record NewTopic(
        @Schema(pattern = "[a-zA-Z0-9._-]+", maxLength = 249) String name,
        @Schema(minimum = "1", maximum = "1000") Integer partitions,
        @Schema(minimum = "1", description = "The cluster's default if absent")
                Integer replicationFactor,
        Map<String, String> configs) {}
