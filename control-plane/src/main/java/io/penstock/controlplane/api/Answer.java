package io.penstock.controlplane.api;

import jakarta.ws.rs.core.Response;

import java.util.Map;

/**
 * What a write answers.
 *
 * @param stored body that may be kept for repeats, or null when this one must not be: it holds a
 *     secret
 */
public record Answer(int status, Map<String, String> headers, Object body, Object stored) {

    public static Answer accepted(Object operation, String location) {
        return new Answer(
                202,
                Map.of("Operation-Location", location, "Retry-After", "1"),
                operation,
                operation);
    }

    public static Answer created(Object body) {
        return new Answer(201, Map.of(), body, body);
    }

    public static Answer createdOnce(Object bodyWithSecret) {
        return new Answer(201, Map.of(), bodyWithSecret, null);
    }

    Response toResponse() {
        var response = Response.status(status).entity(body);
        headers.forEach(response::header);
        return response.build();
    }
}
