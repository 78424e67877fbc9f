package io.penstock.controlplane.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import java.security.MessageDigest;
import java.util.Optional;

/**
 * Metrics are of all tenants, so no tenant's token opens them: only the scrape token of the
 * configuration does, and without one they are not there.
 */
@ApplicationScoped
class MetricsAccess {
    private static final int BEFORE_ALL_OTHERS = -10_000;

    private final Optional<String> token;

    MetricsAccess(PenstockConfiguration configuration) {
        this.token = configuration.metricsToken().filter(text -> !text.isBlank());
    }

    void register(@Observes Router router) {
        router.route("/q/metrics*").order(BEFORE_ALL_OTHERS).handler(this::check);
    }

    private void check(RoutingContext context) {
        if (token.isEmpty()) {
            context.response().setStatusCode(404).end();
        } else if (!matches(context.request().getHeader("Authorization"))) {
            context.response().setStatusCode(401).putHeader("WWW-Authenticate", "Bearer").end();
        } else {
            context.next();
        }
    }

    private boolean matches(String authorization) {
        return authorization != null
                && MessageDigest.isEqual(
                        ("Bearer " + token.orElseThrow()).getBytes(UTF_8),
                        authorization.getBytes(UTF_8));
    }
}
