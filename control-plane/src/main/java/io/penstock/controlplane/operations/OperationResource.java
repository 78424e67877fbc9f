package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.PageParameters;
import io.penstock.controlplane.tenancy.Projects;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/projects/{project}")
@Authenticated
@Tag(name = "Operations")
public class OperationResource {
    private final Projects projects;
    private final ClusterDirectory clusters;
    private final Operations operations;

    public OperationResource(Projects projects, ClusterDirectory clusters, Operations operations) {
        this.projects = projects;
        this.clusters = clusters;
        this.operations = operations;
    }

    @GET
    @Path("/clusters/{cluster}/operations")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "listOperations",
            summary = "A cluster's operations, newest first")
    public OperationList list(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @BeanParam PageParameters page) {
        var found = clusters.require(projects.find(project), cluster);
        return operations.list(found, page.request());
    }

    @GET
    @Path("/operations/{operation}")
    @RunOnVirtualThread
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getOperation",
            summary = "One operation; with wait, answers when it has ended or the time is over")
    public Operation get(
            @PathParam("project") String project,
            @PathParam("operation") String operation,
            @QueryParam("wait")
                    @Parameter(
                            description = "Up to 60s, for example 30s",
                            schema =
                                    @Schema(implementation = String.class, pattern = "[0-9]{1,3}s"))
                    String wait) {
        return operations.await(projects.find(project), operation, WaitTime.parse(wait));
    }
}
