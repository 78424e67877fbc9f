package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items", "next_page_token"})
public record ClusterList(List<Cluster> items, @Schema(nullable = true) String nextPageToken) {}
