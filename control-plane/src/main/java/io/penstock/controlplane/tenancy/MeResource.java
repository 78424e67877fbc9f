package io.penstock.controlplane.tenancy;

import io.quarkus.security.Authenticated;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/me")
@Authenticated
@Tag(name = "Account")
public class MeResource {
    private final Caller caller;
    private final Projects projects;

    public MeResource(Caller caller, Projects projects) {
        this.caller = caller;
        this.projects = projects;
    }

    @GET
    @Operation(operationId = "getMe", summary = "Who is asking, and the projects they may see")
    public Me get() {
        return projects.describe(caller);
    }
}
