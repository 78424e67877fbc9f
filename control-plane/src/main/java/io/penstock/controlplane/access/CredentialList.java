package io.penstock.controlplane.access;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items", "next_page_token"})
public record CredentialList(
        List<Credential> items, @Schema(nullable = true) String nextPageToken) {}
