package io.penstock.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The REST API as a tenant's program uses it. */
final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String root;
    private final String token;

    ApiClient(String root, String token) {
        this.root = root + "/api/v1";
        this.token = token;
    }

    /** An answer of the API; {@code body} is missing where there is none. */
    record Answer(int status, JsonNode body, String etag) {}

    JsonNode get(String path) throws IOException, InterruptedException {
        return expect(send("GET", path, null, Map.of()), "GET " + path);
    }

    Answer find(String path) throws IOException, InterruptedException {
        return send("GET", path, null, Map.of());
    }

    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return expect(send("POST", path, body, Map.of()), "POST " + path);
    }

    JsonNode delete(String path, String etag) throws IOException, InterruptedException {
        return expect(send("DELETE", path, null, Map.of("If-Match", etag)), "DELETE " + path);
    }

    private Answer send(String method, String path, Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(root + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json, application/problem+json");
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        var text = response.body();
        return new Answer(
                response.statusCode(),
                text.isBlank() ? JSON.missingNode() : JSON.readTree(text),
                response.headers().firstValue("ETag").orElse(""));
    }

    private static JsonNode expect(Answer answer, String what) {
        if (answer.status() / 100 != 2) {
            throw new LaunchFailure(
                    "%s was answered with %d: %s"
                            .formatted(
                                    what,
                                    answer.status(),
                                    answer.body().path("detail").asText(answer.body().toString())),
                    "See ./penstock logs control-plane.");
        }
        return answer.body();
    }
}
