package io.penstock.controlplane.operations;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.time.Instant;

/** What happened to a cluster; {@code sequence} counts its events without gaps from 1. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"sequence", "type", "at"})
public record ClusterEvent(
        long sequence,
        EventType type,
        Instant at,
        @Schema(description = "Of operation.updated: the operation now") Operation operation,
        @Schema(description = "Of operation.log") String operationId,
        @Schema(description = "Of operation.log: one line") String line,
        @Schema(
                        ref = "#/components/schemas/Cluster",
                        description = "Of cluster.updated and cluster.deleted: the cluster now")
                ClusterView cluster) {}
