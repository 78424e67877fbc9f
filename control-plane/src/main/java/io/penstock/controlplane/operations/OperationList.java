package io.penstock.controlplane.operations;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items", "next_page_token"})
public record OperationList(List<Operation> items, @Schema(nullable = true) String nextPageToken) {}
