package io.penstock.controlplane.access;

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

@Path("/api/v1/projects/{project}/clusters/{cluster}/principals")
@Authenticated
@RunOnVirtualThread
@Tag(name = "Access")
public class AccessResource {
    private final Caller caller;
    private final Projects projects;
    private final Clusters clusters;
    private final Credentials credentials;
    private final Idempotency idempotency;

    public AccessResource(
            Caller caller,
            Projects projects,
            Clusters clusters,
            Credentials credentials,
            Idempotency idempotency) {
        this.caller = caller;
        this.projects = projects;
        this.clusters = clusters;
        this.credentials = credentials;
        this.idempotency = idempotency;
    }

    @GET
    @Operation(operationId = "listPrincipals", summary = "Principals that have credentials")
    public PrincipalList principals(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @BeanParam PageParameters page) {
        var found = clusters.get(projects.find(project), cluster);
        return credentials.principals(found.id(), page.request());
    }

    @GET
    @Path("/{principal}/credentials")
    @Operation(operationId = "listCredentials", summary = "A principal's credentials, newest first")
    public CredentialList list(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("principal") String principal,
            @BeanParam PageParameters page) {
        var found = clusters.get(projects.find(project), cluster);
        return credentials.list(found.id(), principal, page.request());
    }

    @POST
    @Path("/{principal}/credentials")
    @Operation(
            operationId = "createCredential",
            summary = "Create a credential; its password is answered this once")
    @APIResponse(
            responseCode = "201",
            description = "The credential with its password",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CreatedCredential.class)))
    public Response create(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("principal") String principal,
            @HeaderParam(Idempotency.HEADER) String idempotencyKey,
            @RequestBody(required = true) NewCredential body) {
        var found = clusters.get(projects.find(project), cluster);
        caller.require(Role.DEVELOPER);
        var path = "/clusters/" + found.id() + "/principals/" + principal + "/credentials";
        return idempotency.answerRemote(
                IdempotentCall.of("POST", path, body),
                idempotencyKey,
                () -> credentials.create(found.id(), principal, body));
    }

    @DELETE
    @Path("/{principal}/credentials/{credential}")
    @Operation(operationId = "deleteCredential", summary = "Revoke a credential")
    @APIResponse(responseCode = "204", description = "Revoked")
    public void delete(
            @PathParam("project") String project,
            @PathParam("cluster") String cluster,
            @PathParam("principal") String principal,
            @PathParam("credential") String credential) {
        var found = clusters.get(projects.find(project), cluster);
        caller.require(Role.DEVELOPER);
        credentials.delete(found.id(), principal, credential);
    }
}
