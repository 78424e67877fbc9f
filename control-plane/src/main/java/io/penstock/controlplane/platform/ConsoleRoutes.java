package io.penstock.controlplane.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.controlplane.api.Problem;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The paths beside the API: sign-in's way back, problems for what the API does not have, and the
 * console's page for every path that its own router knows.
 */
@ApplicationScoped
public class ConsoleRoutes {
    /** After static files and the API have had their turn. */
    private static final int LAST = 30_000;

    /** A path of this origin: not {@code //host}, no backslash that browsers take for a slash. */
    private static final Pattern OWN_PATH =
            Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*");

    private static final Pattern FILE = Pattern.compile(".*\\.[a-zA-Z0-9]{1,8}");

    /** Paths that are not the console's: the API, Quarkus' own, and sign-in's. */
    private static final Pattern NOT_A_PAGE =
            Pattern.compile("/|/index\\.html|/(api|q)(/.*)?|/log(in|out)");

    private final ObjectMapper json;

    ConsoleRoutes(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        router.get("/login").handler(this::returnFromSignIn);
        // Before the REST layer, which has an answer (404) to every path.
        router.get("/*").handler(this::page);
        router.route("/api/*").order(LAST).handler(this::unknown);
    }

    /**
     * Reached only by who is signed in: the path's permission starts the sign-in of anyone else.
     */
    private void returnFromSignIn(RoutingContext context) {
        var wanted = context.request().getParam("return_to");
        var target = wanted != null && OWN_PATH.matcher(wanted).matches() ? wanted : "/";
        context.response().setStatusCode(303).putHeader("Location", target).end();
    }

    private void unknown(RoutingContext context) {
        var problem =
                new Problem(
                        "about:blank",
                        "Not Found",
                        404,
                        "No such path",
                        "not_found",
                        List.of(),
                        UUID.randomUUID().toString(),
                        false,
                        null);
        try {
            context.response()
                    .setStatusCode(404)
                    .putHeader("Content-Type", "application/problem+json")
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }

    private void page(RoutingContext context) {
        var path = context.normalizedPath();
        if (NOT_A_PAGE.matcher(path).matches() || FILE.matcher(path).matches()) {
            context.next();
        } else {
            context.reroute("/index.html");
        }
    }
}
