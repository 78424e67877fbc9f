package io.penstock.controlplane.clusters;

import io.penstock.controlplane.operations.ClusterView;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.time.Instant;
import java.util.List;

/** A cluster as its tenant sees it. {@code generation} counts changes of the desired state. */
@Schema(
        requiredProperties = {
            "id",
            "name",
            "project",
            "plan",
            "brokers",
            "zookeeper_nodes",
            "version",
            "platform",
            "isolation",
            "generation",
            "status",
            "operation_id",
            "created_at",
            "updated_at"
        })
public record Cluster(
        String id,
        String name,
        @Schema(description = "Name of its project") String project,
        String plan,
        int brokers,
        int zookeeperNodes,
        String version,
        String platform,
        @Schema(description = "What separates its nodes from others': process, namespace, machine")
                String isolation,
        long generation,
        Status status,
        @Schema(nullable = true, description = "The running operation") String operationId,
        Instant createdAt,
        Instant updatedAt)
        implements ClusterView {

    @Schema(
            name = "ClusterStatus",
            requiredProperties = {"state", "health", "conditions", "observed_generation"})
    public record Status(
            ClusterState state,
            Health health,
            List<Condition> conditions,
            long observedGeneration) {}

    @Schema(
            name = "ClusterCondition",
            requiredProperties = {"type", "detail"})
    public record Condition(String type, String detail) {}
}
