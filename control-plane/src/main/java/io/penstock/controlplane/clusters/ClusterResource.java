package io.penstock.controlplane.clusters;

import io.penstock.controlplane.api.EntityTags;
import io.penstock.controlplane.api.Idempotency;
import io.penstock.controlplane.api.IdempotentCall;
import io.penstock.controlplane.api.PageParameters;
import io.penstock.controlplane.tenancy.Caller;
import io.penstock.controlplane.tenancy.Projects;
import io.penstock.controlplane.tenancy.Role;
import io.quarkus.security.Authenticated;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/projects/{project}/clusters")
@Authenticated
@Tag(name = "Clusters")
public class ClusterResource {
    private final Caller caller;
    private final Projects projects;
    private final Clusters clusters;
    private final Idempotency idempotency;

    public ClusterResource(
            Caller caller, Projects projects, Clusters clusters, Idempotency idempotency) {
        this.caller = caller;
        this.projects = projects;
        this.clusters = clusters;
        this.idempotency = idempotency;
    }

    @GET
    @Operation(operationId = "listClusters", summary = "Live clusters of a project, newest first")
    public ClusterList list(@PathParam("project") String project, @BeanParam PageParameters page) {
        return clusters.list(projects.find(project), page.request());
    }

    @POST
    @Operation(operationId = "createCluster", summary = "Create a cluster")
    @APIResponse(
            responseCode = "202",
            description = "The operation that creates it; the cluster is visible at once")
    public Response create(
            @PathParam("project") String project,
            @HeaderParam(Idempotency.HEADER) String idempotencyKey,
            @RequestBody(required = true) NewCluster body) {
        var owner = projects.find(project);
        caller.require(Role.OPERATOR);
        return idempotency.answer(
                IdempotentCall.of("POST", "/projects/" + owner.id() + "/clusters", body),
                idempotencyKey,
                () -> clusters.create(owner, body));
    }

    @GET
    @Path("/{cluster}")
    @Operation(operationId = "getCluster", summary = "One cluster")
    @APIResponse(
            responseCode = "200",
            description = "The cluster, its desired state's generation as ETag",
            headers = @Header(name = "ETag", schema = @Schema(implementation = String.class)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Cluster.class)))
    public Response get(
            @PathParam("project") String project, @PathParam("cluster") String cluster) {
        var found = clusters.get(projects.find(project), cluster);
        return Response.ok(found)
                .header(HttpHeaders.ETAG, EntityTags.ofGeneration(found.generation()))
                .build();
    }

    @DELETE
    @Path("/{cluster}")
    @Operation(operationId = "deleteCluster", summary = "Delete a cluster with its data")
    @APIResponse(responseCode = "202", description = "The operation that deletes it")
    public Response delete(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @HeaderParam(HttpHeaders.IF_MATCH) @Parameter(required = true) String ifMatch,
            @HeaderParam(Idempotency.HEADER) String idempotencyKey) {
        var owner = projects.find(project);
        return idempotency.answer(
                IdempotentCall.of(
                        "DELETE", "/projects/" + owner.id() + "/clusters/" + cluster, ifMatch),
                idempotencyKey,
                () -> clusters.delete(owner, cluster, ifMatch));
    }

    @GET
    @Path("/{cluster}/nodes")
    @Operation(operationId = "listNodes", summary = "Brokers and ZooKeeper nodes of a cluster")
    public NodeList nodes(
            @PathParam("project") String project, @PathParam("cluster") String cluster) {
        return new NodeList(clusters.nodes(projects.find(project), cluster), null);
    }

    @GET
    @Path("/{cluster}/nodes/{node}")
    @Operation(operationId = "getNode", summary = "One node")
    public Node node(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("node") String node) {
        return clusters.node(projects.find(project), cluster, node);
    }

    @GET
    @Path("/{cluster}/endpoints")
    @Operation(
            operationId = "getEndpoints",
            summary = "Where clients connect, and the CA certificate they trust")
    public Endpoints endpoints(
            @PathParam("project") String project, @PathParam("cluster") String cluster) {
        return clusters.endpoints(projects.find(project), cluster);
    }
}
