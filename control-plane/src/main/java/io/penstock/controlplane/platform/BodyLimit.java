package io.penstock.controlplane.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.controlplane.api.Problem;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import java.util.List;
import java.util.UUID;

/** A body that is too long is refused before the REST layer sees it; as a problem all the same. */
@ApplicationScoped
class BodyLimit {
    private static final int BEFORE_ALL_OTHERS = -10_000;

    private final ObjectMapper json;
    private final long longestBody;

    BodyLimit(
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize longestBody) {
        this.json = json;
        this.longestBody = longestBody.asLongValue();
    }

    void register(@Observes Router router) {
        router.route("/api/*").order(BEFORE_ALL_OTHERS).handler(this::checkLength);
    }

    private void checkLength(RoutingContext context) {
        var length = context.request().getHeader("Content-Length");
        if (length == null
                || !length.matches("[0-9]{1,18}")
                || Long.parseLong(length) <= longestBody) {
            context.next();
            return;
        }
        // Who still sends would not read an answer from a connection that is closed.
        context.request().endHandler(sent -> context.request().connection().close()).resume();
        context.response().putHeader("Connection", "close");
        answer(context, "A body has at most %d bytes".formatted(longestBody));
    }

    private void answer(RoutingContext context, String detail) {
        var problem =
                new Problem(
                        "about:blank",
                        "Request Entity Too Large",
                        413,
                        detail,
                        "too_large",
                        List.of(new Problem.FieldError("", detail)),
                        UUID.randomUUID().toString(),
                        false,
                        null);
        try {
            context.response()
                    .setStatusCode(413)
                    .putHeader("Content-Type", "application/problem+json")
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem must have a JSON form", e);
        }
    }
}
