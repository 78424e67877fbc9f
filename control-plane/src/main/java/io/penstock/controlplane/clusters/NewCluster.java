package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a tenant asks for; what is absent takes the plan's default. */
@Schema(requiredProperties = {"name", "plan", "brokers"})
public record NewCluster(
        @Schema(pattern = ClusterName.PATTERN, maxLength = 63) String name,
        String plan,
        @Schema(minimum = "1", maximum = "12") Integer brokers,
        @Schema(description = "Image version; the default version if absent") String version,
        @Schema(
                        enumeration = {"1", "3"},
                        description = "1 or 3; 3 from three brokers on, else 1, if absent")
                Integer zookeeperNodes) {}
