package io.penstock.systemtests;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The REST API with one user's token. */
final class Api {
    static final String CLUSTERS = "/projects/default/clusters";
    private static final Duration OPERATION_LIMIT = Duration.ofMinutes(10);
    private static final Set<String> ENDED =
            Set.of("SUCCEEDED", "FAILED", "CANCELLED", "ROLLED_BACK");

    private final String root;
    private final Supplier<String> token;

    /** The token is asked for anew with each request. */
    Api(String root, Supplier<String> token) {
        this.root = root;
        this.token = token;
    }

    /** An operation as it was answered. */
    record Operation(String id, String clusterId) {}

    String token() {
        return token.get();
    }

    RequestSpecification request() {
        return given().baseUri(root)
                .basePath("/api/v1")
                .auth()
                .oauth2(token.get())
                .contentType(ContentType.JSON);
    }

    Response get(String path) {
        return request().get(path);
    }

    Operation create(String name, int brokers) {
        return create(name, brokers, UUID.randomUUID().toString());
    }

    Operation create(String name, int brokers, String idempotencyKey) {
        var response =
                request()
                        .header("Idempotency-Key", idempotencyKey)
                        .body(Map.of("name", name, "plan", "small", "brokers", brokers))
                        .post(CLUSTERS);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
        return new Operation(response.path("id"), response.path("target.cluster_id"));
    }

    Operation delete(String cluster) {
        var etag = get(CLUSTERS + "/" + cluster).then().statusCode(200).extract().header("ETag");
        var response = request().header("If-Match", etag).delete(CLUSTERS + "/" + cluster);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
        return new Operation(response.path("id"), cluster);
    }

    /** Waits until the operation has ended, and demands that it succeeded. */
    void awaitSuccess(Operation operation) {
        await("operation " + operation.id())
                .atMost(OPERATION_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> hasEnded(operation));
        var ended = get(path(operation));
        assertThat(ended.<String>path("state")).as(ended.asString()).isEqualTo("SUCCEEDED");
    }

    boolean hasEnded(Operation operation) {
        return ENDED.contains(get(path(operation)).<String>path("state"));
    }

    private static String path(Operation operation) {
        return "/projects/default/operations/" + operation.id();
    }

    String state(String cluster) {
        return get(CLUSTERS + "/" + cluster).then().statusCode(200).extract().path("status.state");
    }

    void createTopic(String cluster, String name, int partitions) {
        var response =
                request()
                        .body(Map.of("name", name, "partitions", partitions))
                        .post(CLUSTERS + "/" + cluster + "/topics");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    }

    Credential credential(String cluster, String principal, String preset, String prefix) {
        var response =
                request()
                        .body(Map.of("preset", preset, "prefix", prefix))
                        .post(
                                CLUSTERS
                                        + "/"
                                        + cluster
                                        + "/principals/"
                                        + principal
                                        + "/credentials");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        return new Credential(response.path("username"), response.path("password"));
    }

    Endpoints endpoints(String cluster) {
        var response =
                get(CLUSTERS + "/" + cluster + "/endpoints").then().statusCode(200).extract();
        return new Endpoints(
                response.path("bootstrap[0].servers"), response.path("ca_certificate_pem"));
    }

    List<String> clusterNames() {
        return get(CLUSTERS).then().statusCode(200).extract().path("items.name");
    }

    List<String> addresses(String cluster) {
        return get(CLUSTERS + "/" + cluster + "/nodes")
                .then()
                .statusCode(200)
                .extract()
                .path("items.address");
    }

    /** Ids of all operations that a cluster has had. */
    List<String> operations(String cluster) {
        return get(CLUSTERS + "/" + cluster + "/operations")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    String projectId() {
        return get("/me").then().statusCode(200).extract().path("projects[0].id");
    }

    /** The head of an answer, and its body where that is a problem. */
    record Answer(int status, String contentType, String challenge, String problem) {}

    /** Sends a call as it is, without following redirects, and does not wait for a stream's end. */
    Answer send(OpenApi.Call call) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(root + call.path()))
                        .timeout(Duration.ofMinutes(2))
                        .header("If-Match", "\"g1\"")
                        .header("Content-Type", "application/json")
                        .method(
                                call.method(),
                                call.body() == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(call.body()));
        var bearer = token.get();
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                var problem = response.statusCode() >= 400;
                return new Answer(
                        response.statusCode(),
                        response.headers().firstValue("Content-Type").orElse(""),
                        response.headers().firstValue("WWW-Authenticate").orElse(""),
                        problem ? new String(body.readAllBytes(), StandardCharsets.UTF_8) : "");
            } finally {
                client.shutdownNow();
            }
        }
    }

    /** The events after one, up to the first that tells of an operation's success. */
    List<JsonNode> events(String path, String lastEventId)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(root + "/api/v1" + path))
                        .header("Authorization", "Bearer " + token.get())
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", lastEventId)
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            var events = new CopyOnWriteArrayList<JsonNode>();
            var succeeded =
                    CompletableFuture.supplyAsync(
                            () ->
                                    response.body()
                                            .filter(line -> line.startsWith("data:"))
                                            .map(line -> parse(line.substring(5)))
                                            .peek(events::add)
                                            .anyMatch(Api::tellsOfSuccess));
            succeeded.completeOnTimeout(false, 2, TimeUnit.MINUTES).join();
            client.shutdownNow();
            return events;
        }
    }

    private static boolean tellsOfSuccess(JsonNode event) {
        return event.at("/operation/state").asText().equals("SUCCEEDED");
    }

    private static JsonNode parse(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Credential(String username, String password) {}

    record Endpoints(String servers, String authorityPem) {}
}
