package io.penstock.controlplane.groups;

import io.penstock.controlplane.clusters.Clusters;
import io.penstock.controlplane.platform.ClusterClients;
import io.penstock.controlplane.tenancy.Projects;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/projects/{project}/clusters/{cluster}/groups")
@Authenticated
@RunOnVirtualThread
@Tag(name = "Groups")
public class GroupResource {
    private final Projects projects;
    private final Clusters clusters;
    private final ClusterClients clients;

    public GroupResource(Projects projects, Clusters clusters, ClusterClients clients) {
        this.projects = projects;
        this.clusters = clusters;
        this.clients = clients;
    }

    @GET
    @Path("/{group}/offsets")
    @Operation(
            operationId = "getGroupOffsets",
            summary = "Committed and end offsets of a consumer group, and its lag in records")
    public GroupOffsets offsets(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("group") String group) {
        var found = clusters.get(projects.find(project), cluster);
        return clients.of(found.id()).groupOffsets(group);
    }
}
