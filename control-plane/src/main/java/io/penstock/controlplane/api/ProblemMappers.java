package io.penstock.controlplane.api;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import java.util.List;

/** Turns whatever ends a request into a problem (RFC 9457). */
public class ProblemMappers {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What Quarkus' own sign-in answers to scripts, so that they navigate instead of following. */
    private static final int SCRIPT_MUST_SIGN_IN = 499;

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    private final RequestContext context;

    ProblemMappers(RequestContext context) {
        this.context = context;
    }

    @ServerExceptionMapper
    public Response problem(ProblemException e) {
        var response = response(e.status(), e.code(), e.getMessage(), e.errors(), e.isRetryable());
        if (e.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (e.isRetryable()) {
            response.header(HttpHeaders.RETRY_AFTER, "2");
        }
        return response.build();
    }

    @ServerExceptionMapper
    public Response unauthorized(UnauthorizedException e, RoutingContext request) {
        return signIn(request, "Sign in or send a bearer token");
    }

    @ServerExceptionMapper
    public Response authenticationFailed(AuthenticationFailedException e, RoutingContext request) {
        return signIn(request, "The token or session is not valid or has ended");
    }

    private Response signIn(RoutingContext request, String detail) {
        var script = "JavaScript".equals(request.request().getHeader("X-Requested-With"));
        int status = script ? SCRIPT_MUST_SIGN_IN : 401;
        return response(status, "unauthenticated", detail, List.of(), false)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException e) {
        return response(403, "forbidden", "Not allowed", List.of(), false).build();
    }

    /** What JAX-RS decides by itself: unknown path, method, media type. */
    @ServerExceptionMapper
    public Response jaxRs(WebApplicationException e) {
        var original = e.getResponse();
        int status = original.getStatus();
        if (status < 400) {
            return original;
        }
        var response =
                switch (status) {
                    case 400, 422 ->
                            response(
                                    status,
                                    "invalid_request",
                                    title(status),
                                    List.of(new Problem.FieldError("", title(status))),
                                    false);
                    case 404 -> response(404, "not_found", "No such path", List.of(), false);
                    case 405 ->
                            response(
                                    405,
                                    "method_not_allowed",
                                    "Not a method of this path",
                                    List.of(),
                                    false);
                    case 406 ->
                            response(406, "not_acceptable", "Answers are JSON", List.of(), false);
                    case 413 ->
                            response(413, "too_large", "The body is too large", List.of(), false);
                    case 415 ->
                            response(
                                    415,
                                    "unsupported_media_type",
                                    "Bodies are application/json",
                                    List.of(),
                                    false);
                    default -> response(status, "request_failed", title(status), List.of(), false);
                };
        if (original.getHeaderString(HttpHeaders.ALLOW) != null) {
            response.header(HttpHeaders.ALLOW, original.getHeaderString(HttpHeaders.ALLOW));
        }
        return response.build();
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable e) {
        LOG.errorf(e, "Request %s failed", context.requestId());
        return response(
                        500,
                        "internal",
                        "Something went wrong here; the request id finds it in the log",
                        List.of(),
                        true)
                .build();
    }

    private Response.ResponseBuilder response(
            int status,
            String code,
            String detail,
            List<Problem.FieldError> errors,
            boolean retryable) {
        var body =
                new Problem(
                        "about:blank",
                        title(status),
                        status,
                        detail,
                        code,
                        errors,
                        context.requestId(),
                        retryable,
                        null);
        return Response.status(status).type(MediaType.valueOf(MEDIA_TYPE)).entity(body);
    }

    static String title(int status) {
        var known = Response.Status.fromStatusCode(status);
        return known == null ? "Unauthorized" : known.getReasonPhrase();
    }
}
