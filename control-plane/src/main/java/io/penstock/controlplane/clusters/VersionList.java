package io.penstock.controlplane.clusters;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items"})
public record VersionList(List<Version> items) {

    @Schema(requiredProperties = {"version", "default"})
    public record Version(String version, @JsonProperty("default") boolean isDefault) {}
}
