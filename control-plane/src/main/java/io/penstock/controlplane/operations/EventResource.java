package io.penstock.controlplane.operations;

import io.penstock.controlplane.tenancy.Caller;
import io.penstock.controlplane.tenancy.Projects;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/v1/projects/{project}/clusters/{cluster}/events")
@Authenticated
@Tag(name = "Operations")
public class EventResource {
    private final Caller caller;
    private final Projects projects;
    private final ClusterDirectory clusters;
    private final EventStreams streams;

    public EventResource(
            Caller caller, Projects projects, ClusterDirectory clusters, EventStreams streams) {
        this.caller = caller;
        this.projects = projects;
        this.clusters = clusters;
        this.streams = streams;
    }

    @GET
    @Blocking
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "streamEvents",
            summary =
                    "Server-sent events of a cluster: all after Last-Event-ID, then live. Without"
                            + " it, from now on")
    @APIResponse(
            responseCode = "200",
            description = "id: the sequence, event: the type, data: a ClusterEvent",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = ClusterEvent.class)))
    public Multi<OutboundSseEvent> stream(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @HeaderParam("Last-Event-ID")
                    @org.eclipse.microprofile.openapi.annotations.parameters.Parameter(
                            schema = @Schema(implementation = Long.class))
                    String lastEventId) {
        var found = clusters.require(projects.find(project), cluster);
        return streams.open(caller.tenant(), found, lastEventId, caller.expiresAt());
    }
}
