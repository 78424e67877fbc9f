package io.penstock.controlplane.tenancy;

import jakarta.enterprise.context.RequestScoped;

/** The tenant of a request, set once its caller's claims are verified. */
@RequestScoped
public class RequestTenant {
    private String tenant;

    String tenant() {
        return tenant;
    }

    void become(String verifiedTenant) {
        if (tenant != null && !tenant.equals(verifiedTenant)) {
            throw new IllegalStateException("A request belongs to one tenant");
        }
        tenant = verifiedTenant;
    }
}
