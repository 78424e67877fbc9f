package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items"})
public record PlanList(List<Plan> items) {}
