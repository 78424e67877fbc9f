package io.penstock.controlplane.access;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items", "next_page_token"})
public record PrincipalList(List<Principal> items, @Schema(nullable = true) String nextPageToken) {

    /** One identity of applications; its credentials share a name in the cluster's ACLs. */
    @Schema(requiredProperties = {"name", "credentials"})
    public record Principal(String name, int credentials) {}
}
