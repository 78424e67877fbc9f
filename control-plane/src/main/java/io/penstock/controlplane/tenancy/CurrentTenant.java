package io.penstock.controlplane.tenancy;

import io.quarkus.arc.Arc;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Whose rows may be seen now: the bound {@link TenantScope}, else the request's caller, else {@link
 * #NOBODY}, who owns no row.
 */
@ApplicationScoped
public class CurrentTenant {
    static final String NOBODY = "";

    private final RequestTenant request;

    CurrentTenant(RequestTenant request) {
        this.request = request;
    }

    public String get() {
        var bound = TenantScope.bound();
        if (bound != null) {
            return bound;
        }
        if (!Arc.container().requestContext().isActive()) {
            return NOBODY;
        }
        var tenant = request.tenant();
        return tenant == null ? NOBODY : tenant;
    }
}
