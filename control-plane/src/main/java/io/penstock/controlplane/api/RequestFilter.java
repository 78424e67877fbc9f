package io.penstock.controlplane.api;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

import org.jboss.logging.MDC;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Gives each request an id, and refuses writes that another site could have made a browser send:
 * only a script of our own origin can add X-Requested-With.
 */
@Provider
@Priority(Priorities.AUTHENTICATION - 100)
public class RequestFilter implements ContainerRequestFilter, ContainerResponseFilter {
    static final String REQUEST_ID = "X-Request-Id";
    private static final Pattern ACCEPTABLE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final RequestContext context;

    RequestFilter(RequestContext context) {
        this.context = context;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var given = request.getHeaderString(REQUEST_ID);
        var id =
                given != null && ACCEPTABLE_ID.matcher(given).matches()
                        ? given
                        : UUID.randomUUID().toString();
        context.identify(id);
        MDC.put("requestId", id);
        if (holdsNul(request.getUriInfo().getPathParameters())) {
            throw ProblemException.notFound("path");
        }
        var byCookie =
                request.getHeaderString(HttpHeaders.AUTHORIZATION) == null
                        && !request.getCookies().isEmpty();
        if (byCookie
                && !READS.contains(request.getMethod())
                && request.getHeaderString("X-Requested-With") == null) {
            throw ProblemException.forbidden(
                    "cross_site_request", "A write with a cookie session needs X-Requested-With");
        }
    }

    /** The one character that PostgreSQL's text cannot hold, so that nothing here has it. */
    private static boolean holdsNul(MultivaluedMap<String, String> parameters) {
        return parameters.values().stream()
                .flatMap(List::stream)
                .anyMatch(value -> value.indexOf('\0') >= 0);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(REQUEST_ID, context.requestId());
        response.getHeaders().putIfAbsent(HttpHeaders.CACHE_CONTROL, List.of("no-store"));
        MDC.remove("requestId");
    }
}
