package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(
        requiredProperties = {
            "name",
            "role",
            "node_id",
            "zone",
            "address",
            "version",
            "state",
            "health",
            "leaders",
            "partitions",
            "controller"
        })
public record Node(
        String name,
        NodeRole role,
        int nodeId,
        String zone,
        @Schema(nullable = true) String address,
        String version,
        NodeState state,
        Health health,
        @Schema(nullable = true, description = "Partitions it leads; null for ZooKeeper")
                Integer leaders,
        @Schema(nullable = true, description = "Replicas it holds; null for ZooKeeper")
                Integer partitions,
        @Schema(description = "Broker: the active controller. ZooKeeper: the leader")
                boolean controller) {}
