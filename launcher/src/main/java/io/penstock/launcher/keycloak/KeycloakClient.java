package io.penstock.launcher.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keycloak's token endpoint and the few calls of its administration that a realm needs. */
final class KeycloakClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String root;

    KeycloakClient(String root) {
        this.root = root;
    }

    boolean answers(String path) {
        try {
            return send("GET", path, null, null).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    HttpResponse<String> token(String realm, Map<String, String> form)
            throws IOException, InterruptedException {
        var body =
                new TreeMap<>(form)
                        .entrySet().stream()
                                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                                .collect(Collectors.joining("&"));
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        root
                                                + "/realms/"
                                                + realm
                                                + "/protocol/openid-connect/token"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return sendPatiently(request);
    }

    JsonNode get(String path, String token) throws IOException, InterruptedException {
        var response = send("GET", path, null, token);
        return response.statusCode() == 404 ? JSON.missingNode() : JSON.readTree(checked(response));
    }

    void post(String path, Object body, String token) throws IOException, InterruptedException {
        checked(send("POST", path, JSON.writeValueAsString(body), token));
    }

    void put(String path, Object body, String token) throws IOException, InterruptedException {
        checked(send("PUT", path, JSON.writeValueAsString(body), token));
    }

    private HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(root + path))
                        .timeout(Duration.ofSeconds(token == null ? 5 : 60));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return token == null
                ? http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                : sendPatiently(request.build());
    }

    /**
     * After a restart of the database, Keycloak answers 500 until its pool has dropped the lost
     * connections.
     */
    private HttpResponse<String> sendPatiently(HttpRequest request)
            throws IOException, InterruptedException {
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        for (var pause = 100; response.statusCode() >= 500 && pause <= 6400; pause *= 2) {
            Thread.sleep(pause);
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        }
        return response;
    }

    private static String checked(HttpResponse<String> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    "Keycloak answered %d to %s %s: %s"
                            .formatted(
                                    response.statusCode(),
                                    response.request().method(),
                                    response.uri().getPath(),
                                    response.body()));
        }
        return response.body();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
