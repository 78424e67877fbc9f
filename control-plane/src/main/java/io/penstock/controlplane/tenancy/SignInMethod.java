package io.penstock.controlplane.tenancy;

import io.quarkus.oidc.TenantResolver;
import io.vertx.ext.web.RoutingContext;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;

/** A bearer token where one is sent, else the console's session. */
@ApplicationScoped
public class SignInMethod implements TenantResolver {
    private static final String CONSOLE = "console";

    @Override
    public String resolve(RoutingContext context) {
        return context.request().getHeader(HttpHeaders.AUTHORIZATION) == null ? CONSOLE : null;
    }
}
