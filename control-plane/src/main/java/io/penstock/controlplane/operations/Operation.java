package io.penstock.controlplane.operations;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.time.Instant;
import java.util.List;

/** A long-running change of a cluster, made of steps that run one after another. */
@Schema(
        requiredProperties = {
            "id",
            "type",
            "state",
            "actor",
            "request_id",
            "target",
            "steps",
            "progress",
            "error",
            "created_at",
            "started_at",
            "ended_at"
        })
public record Operation(
        String id,
        OperationType type,
        OperationState state,
        @Schema(description = "Name of the user or service account that asked") String actor,
        String requestId,
        Target target,
        List<Step> steps,
        @Schema(minimum = "0", maximum = "1") double progress,
        @Schema(nullable = true) Failure error,
        Instant createdAt,
        @Schema(nullable = true) Instant startedAt,
        @Schema(nullable = true) Instant endedAt) {

    @Schema(
            name = "OperationTarget",
            requiredProperties = {"cluster_id", "cluster_name"})
    public record Target(String clusterId, String clusterName) {}

    @Schema(
            name = "OperationError",
            requiredProperties = {"code", "detail"})
    public record Failure(String code, String detail) {}

    @Schema(
            name = "OperationStep",
            requiredProperties = {
                "name",
                "title",
                "node",
                "state",
                "started_at",
                "ended_at",
                "attempt",
                "detail"
            })
    public record Step(
            String name,
            String title,
            @Schema(nullable = true) String node,
            StepState state,
            @Schema(nullable = true) Instant startedAt,
            @Schema(nullable = true) Instant endedAt,
            int attempt,
            @Schema(nullable = true) String detail) {}
}
