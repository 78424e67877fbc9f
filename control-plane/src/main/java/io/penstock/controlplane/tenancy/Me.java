package io.penstock.controlplane.tenancy;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"subject", "username", "organization", "projects"})
public record Me(
        String subject, String username, Organization organization, List<Project> projects) {

    @Schema(
            name = "Organization",
            requiredProperties = {"id", "name"})
    public record Organization(String id, String name) {}

    @Schema(
            name = "Project",
            requiredProperties = {"id", "name", "role"})
    public record Project(String id, String name, Role role) {}
}
