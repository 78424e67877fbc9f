package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.ProblemException;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import java.util.OptionalLong;

@Path("/api/v1/projects/{project}/clusters/{cluster}/events")
@Authenticated
@Tag(name = "Operations")
public class EventResource {
    private static final String HEADER = "Last-Event-ID";
    private static final String PARAMETER = "last_event_id";

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
                    "Server-sent events of a cluster: all after the event that the header or the"
                            + " parameter names, then live. Without either, from now on")
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
            @HeaderParam(HEADER) @Parameter(schema = @Schema(implementation = Long.class))
                    String seen,
            @QueryParam(PARAMETER)
                    @Parameter(
                            description =
                                    "As Last-Event-ID, for browsers, which set that header only"
                                            + " when they come again; 0: all events that are kept",
                            schema = @Schema(implementation = Long.class))
                    String first) {
        var found = clusters.require(projects.find(project), cluster);
        // A browser that comes again has the header, and still the URL that it began with.
        var last = seen == null ? sequence(PARAMETER, first) : sequence(HEADER, seen);
        return streams.open(caller.tenant(), found, last, caller.expiresAt());
    }

    private static OptionalLong sequence(String name, String lastEventId) {
        if (lastEventId == null) {
            return OptionalLong.empty();
        }
        if (lastEventId.matches("[0-9]{1,18}")) {
            return OptionalLong.of(Long.parseLong(lastEventId));
        }
        throw ProblemException.invalid("/" + name, name + " must be an id of this stream");
    }
}
