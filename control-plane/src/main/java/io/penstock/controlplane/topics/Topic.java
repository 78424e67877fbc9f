package io.penstock.controlplane.topics;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.Map;

/** A topic; {@code configs} are those set on it, not the defaults. */
@Schema(
        requiredProperties = {
            "name",
            "partitions",
            "replication_factor",
            "min_insync_replicas",
            "configs"
        })
public record Topic(
        String name,
        int partitions,
        int replicationFactor,
        @Schema(description = "How many must have a record before acks=all is answered")
                int minInsyncReplicas,
        Map<String, String> configs) {}
