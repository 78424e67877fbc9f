package io.penstock.systemtests;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The REST API with one user's token. */
final class Api {
    static final String CLUSTERS = "/projects/default/clusters";
    private static final Duration OPERATION_LIMIT = Duration.ofMinutes(4);
    private static final Set<String> ENDED =
            Set.of("SUCCEEDED", "FAILED", "CANCELLED", "ROLLED_BACK");

    private final String root;
    private final String token;

    Api(String root, String token) {
        this.root = root;
        this.token = token;
    }

    /** An operation as it was answered. */
    record Operation(String id, String clusterId) {}

    RequestSpecification request() {
        return given().baseUri(root)
                .basePath("/api/v1")
                .auth()
                .oauth2(token)
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
        var path = "/projects/default/operations/" + operation.id();
        await("operation " + operation.id())
                .atMost(OPERATION_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(
                        () ->
                                ENDED.contains(
                                        get(path)
                                                .then()
                                                .statusCode(200)
                                                .extract()
                                                .<String>path("state")));
        var ended = get(path);
        assertThat(ended.<String>path("state")).as(ended.asString()).isEqualTo("SUCCEEDED");
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

    record Credential(String username, String password) {}

    record Endpoints(String servers, String authorityPem) {}
}
