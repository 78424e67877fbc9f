package io.penstock.controlplane.clusters;

import io.quarkus.security.Authenticated;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What can be asked for: plans and versions. */
@Path("/api/v1")
@Authenticated
@Tag(name = "Catalog")
public class CatalogResource {
    private final Catalog catalog;

    public CatalogResource(Catalog catalog) {
        this.catalog = catalog;
    }

    @GET
    @Path("/plans")
    @Operation(operationId = "listPlans", summary = "Sizes of clusters")
    public PlanList plans() {
        return new PlanList(catalog.plans());
    }

    @GET
    @Path("/versions")
    @Operation(operationId = "listVersions", summary = "Versions that new clusters may run")
    public VersionList versions() {
        return new VersionList(catalog.versions());
    }
}
