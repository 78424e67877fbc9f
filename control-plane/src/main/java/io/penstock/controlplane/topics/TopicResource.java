package io.penstock.controlplane.topics;

import io.penstock.controlplane.api.Idempotency;
import io.penstock.controlplane.api.IdempotentCall;
import io.penstock.controlplane.api.PageParameters;
import io.penstock.controlplane.clusters.Clusters;
import io.penstock.controlplane.tenancy.Caller;
import io.penstock.controlplane.tenancy.Projects;
import io.penstock.controlplane.tenancy.Role;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/projects/{project}/clusters/{cluster}/topics")
@Authenticated
@RunOnVirtualThread
@Tag(name = "Topics")
public class TopicResource {
    private final Caller caller;
    private final Projects projects;
    private final Clusters clusters;
    private final Topics topics;
    private final Idempotency idempotency;

    public TopicResource(
            Caller caller,
            Projects projects,
            Clusters clusters,
            Topics topics,
            Idempotency idempotency) {
        this.caller = caller;
        this.projects = projects;
        this.clusters = clusters;
        this.topics = topics;
        this.idempotency = idempotency;
    }

    @GET
    @Operation(operationId = "listTopics", summary = "Topics of a cluster, by name")
    public TopicList list(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @BeanParam PageParameters page) {
        var found = clusters.get(projects.find(project), cluster);
        return topics.list(found.id(), page.request());
    }

    @POST
    @Operation(operationId = "createTopic", summary = "Create a topic")
    @APIResponse(
            responseCode = "201",
            description = "The topic",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Topic.class)))
    public Response create(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @HeaderParam(Idempotency.HEADER) String idempotencyKey,
            @RequestBody(required = true) NewTopic body) {
        var found = clusters.get(projects.find(project), cluster);
        caller.require(Role.DEVELOPER);
        return idempotency.answerRemote(
                IdempotentCall.of("POST", "/clusters/" + found.id() + "/topics", body),
                idempotencyKey,
                () -> topics.create(found.id(), body));
    }

    @GET
    @Path("/{topic}")
    @Operation(operationId = "getTopic", summary = "One topic")
    public Topic get(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String topic) {
        return topics.get(clusters.get(projects.find(project), cluster).id(), topic);
    }

    @DELETE
    @Path("/{topic}")
    @Operation(operationId = "deleteTopic", summary = "Delete a topic with its records")
    @APIResponse(responseCode = "204", description = "Deleted")
    public void delete(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String topic) {
        var found = clusters.get(projects.find(project), cluster);
        caller.require(Role.DEVELOPER);
        topics.delete(found.id(), topic);
    }
}
