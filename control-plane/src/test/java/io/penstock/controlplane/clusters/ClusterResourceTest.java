package io.penstock.controlplane.clusters;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class ClusterResourceTest {
    @Inject FakePlatform platform;

    @Test
    void aClusterIsVisibleAtOnceBecomesActiveAndIsDeleted() {
        var api = Api.ofNewOrganization();

        var created =
                api.json("{\"name\": \"orders\", \"plan\": \"small\", \"brokers\": 3}")
                        .post(CLUSTERS);
        created.then()
                .statusCode(202)
                .header("Operation-Location", containsString("/operations/op_"))
                .header("Retry-After", notNullValue())
                .body("type", equalTo("cluster.create"))
                .body("actor", equalTo("owner-of-it"))
                .body("target.cluster_name", equalTo("orders"))
                .body("steps.name[0]", equalTo("allocate_addresses"));
        String id = created.path("target.cluster_id");
        api.request().get(CLUSTERS + "/" + id).then().statusCode(200).header("ETag", "\"g1\"");

        var operation =
                api.request()
                        .get(
                                "/api/v1/projects/default/operations/"
                                        + created.path("id")
                                        + "?wait=60s");
        operation
                .then()
                .statusCode(200)
                .body("state", equalTo("SUCCEEDED"))
                .body("progress", equalTo(1.0f))
                .body("steps.state", everyItem(equalTo("SUCCEEDED")))
                .body("error", nullValue());
        api.request()
                .get(CLUSTERS + "/" + id)
                .then()
                .body("status.state", equalTo("ACTIVE"))
                .body("status.health", equalTo("HEALTHY"))
                .body("status.observed_generation", equalTo(1))
                .body("operation_id", nullValue())
                .body("zookeeper_nodes", equalTo(3))
                .body("isolation", equalTo("process"))
                .body("project", equalTo("default"));
        api.request()
                .get(CLUSTERS + "/" + id + "/nodes")
                .then()
                .body("items", hasSize(6))
                .body("items.state", everyItem(equalTo("RUNNING")));
        api.request()
                .get(CLUSTERS + "/" + id + "/endpoints")
                .then()
                .body("bootstrap[0].authentication", equalTo("scram-sha-512"))
                .body(
                        "bootstrap[0].servers",
                        matchesPattern("(127\\.[0-9.]+:9094,){2}127\\.[0-9.]+:9094"))
                .body("ca_certificate_pem", containsString("BEGIN CERTIFICATE"));

        var deletion = api.request().header("If-Match", api.etag(id)).delete(CLUSTERS + "/" + id);
        deletion.then().statusCode(202).body("type", equalTo("cluster.delete"));
        api.request()
                .get("/api/v1/projects/default/operations/" + deletion.path("id") + "?wait=60s")
                .then()
                .body("state", equalTo("SUCCEEDED"));
        api.request().get(CLUSTERS + "/" + id).then().statusCode(404);
        api.request().get(CLUSTERS).then().body("items", hasSize(0));
        assertThat(platform.machines()).doesNotContainKey(id);
        api.activeCluster("orders");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": \"Orders\", \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": \"-a\", \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": \"a-\", \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": \"\", \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": null, \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": 7, \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": [\"a\"], \"plan\": \"small\", \"brokers\": 1} | /name",
                "{\"name\": \"a\", \"plan\": \"huge\", \"brokers\": 1} | /plan",
                "{\"name\": \"a\", \"plan\": true, \"brokers\": 1} | /plan",
                "{\"name\": \"a\", \"brokers\": 1} | /plan",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 0} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": -1} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1000} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 99999999999} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": \"3\"} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": \"\"} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 3.0} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": true} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": null} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1, \"version\": null} | /version",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1, \"zookeeper_nodes\": null} | /zookeeper_nodes",
                "{\"name\": \"a\", \"plan\": \"small\"} | /brokers",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1, \"version\": \"9.9\"} | /version",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1, \"zookeeper_nodes\": 2} | /zookeeper_nodes",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1, \"colour\": \"red\"} | /colour",
            })
    void wrongInputIsPointedAtAndCreatesNothing(String body, String pointer) {
        var api = Api.ofNewOrganization();

        api.json(body)
                .post(CLUSTERS)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.pointer", contains(pointer))
                .body("errors[0].detail", not(equalTo("")))
                .body("request_id", notNullValue());
        api.request().get(CLUSTERS).then().body("items", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{",
                "''",
                "[]",
                "null",
                "\"text\"",
                "{\"name\": \"a\", \"name\": \"b\", \"plan\": \"small\", \"brokers\": 1}",
                "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1} {}",
                "{\"name\": [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]], \"plan\": \"small\"}",
                "{\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": {\"x\": 1}}}}}}}}}}}}}}}}}}}}}",
            })
    void whatIsNoProperObjectIsRefused(String body) {
        var api = Api.ofNewOrganization();

        api.json(body)
                .post(CLUSTERS)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", notNullValue())
                .body("errors", hasSize(1))
                .body("errors[0].detail", not(equalTo("")));
        api.request().get(CLUSTERS).then().body("items", hasSize(0));
    }

    @Test
    void severalFaultsAreToldAtOnce() {
        Api.ofNewOrganization()
                .json("{\"name\": \"A\", \"plan\": \"huge\", \"brokers\": 0}")
                .post(CLUSTERS)
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("/name", "/plan", "/brokers"));
    }

    @Test
    void aNameIsTakenOnlyOnceAndQuotaIsTold() {
        var api = Api.ofNewOrganization();
        api.create("one").then().statusCode(202);

        api.create("one").then().statusCode(409).body("errors.pointer", contains("/name"));
        for (var name : List.of("two", "three")) {
            api.json("{\"name\": \"%s\", \"plan\": \"small\", \"brokers\": 12}".formatted(name))
                    .post(CLUSTERS)
                    .then()
                    .statusCode(202);
        }
        api.json("{\"name\": \"four\", \"plan\": \"small\", \"brokers\": 6}")
                .post(CLUSTERS)
                .then()
                .statusCode(409)
                .body("code", equalTo("quota_exceeded"))
                .body("detail", containsString("at most 5 more"))
                .body("errors.pointer", contains("/brokers"));
    }

    @Test
    void concurrentRequestsWithOneKeyMakeOneCluster() throws Exception {
        var api = Api.ofNewOrganization();
        Callable<Response> create =
                () ->
                        api.json("{\"name\": \"twin\", \"plan\": \"small\", \"brokers\": 1}")
                                .header("Idempotency-Key", "key-1")
                                .post(CLUSTERS);
        Set<String> operations = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Response> answer :
                    threads.invokeAll(List.of(create, create, create, create))) {
                answer.get().then().statusCode(202).header("Operation-Location", notNullValue());
                operations.add(answer.get().path("id"));
            }
        }

        assertThat(operations).hasSize(1);
        api.request().get(CLUSTERS).then().body("items", hasSize(1));
        api.json("{\"name\": \"other\", \"plan\": \"small\", \"brokers\": 1}")
                .header("Idempotency-Key", "key-1")
                .post(CLUSTERS)
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/Idempotency-Key"));
    }

    @Test
    void aDeleteChecksExistenceThenRoleThenPrecondition() {
        var organization = Api.newOrganization();
        var owner = Api.as("alice", organization, "owner");
        var viewer = Api.as("bob", organization, "viewer");
        var id = owner.activeCluster("kept");
        var path = CLUSTERS + "/" + id;

        viewer.request().delete(CLUSTERS + "/clu_unknown").then().statusCode(404);
        viewer.request().delete(path).then().statusCode(403);
        viewer.create("more").then().statusCode(403);
        owner.request().delete(path).then().statusCode(428);
        owner.request().header("If-Match", "\"g7\"").delete(path).then().statusCode(412);
        owner.request().get(path).then().statusCode(200).header("ETag", "\"g1\"");
    }

    @Test
    void aDeleteDuringTheCreationCancelsIt() {
        var api = Api.ofNewOrganization();
        platform.hold();
        try {
            var creation = api.create("short-lived");
            String id = creation.path("target.cluster_id");
            api.request()
                    .header("If-Match", "\"g1\"")
                    .delete(CLUSTERS + "/" + id)
                    .then()
                    .statusCode(202);
            api.request()
                    .header("If-Match", "\"g2\"")
                    .delete(CLUSTERS + "/" + id)
                    .then()
                    .statusCode(202)
                    .body("type", equalTo("cluster.delete"));
            platform.release();

            api.awaitGone(id);
            api.request()
                    .get("/api/v1/projects/default/operations/" + creation.path("id"))
                    .then()
                    .body("state", equalTo("CANCELLED"));
            assertThat(platform.machines()).doesNotContainKey(id);
        } finally {
            platform.release();
        }
    }

    @Test
    void listsAreNewestFirstAndPaged() {
        var api = Api.ofNewOrganization();
        for (var name : List.of("a", "b", "c")) {
            api.create(name).then().statusCode(202);
        }

        var first = api.request().get(CLUSTERS + "?page_size=2");
        first.then().body("items.name", contains("c", "b")).body("next_page_token", notNullValue());
        api.request()
                .queryParam("page_size", 2)
                .queryParam("page_token", first.<String>path("next_page_token"))
                .get(CLUSTERS)
                .then()
                .body("items.name", contains("a"))
                .body("next_page_token", nullValue());
        for (var size : List.of("0", "201", "x", "-1")) {
            api.request()
                    .get(CLUSTERS + "?page_size=" + size)
                    .then()
                    .statusCode(400)
                    .body("errors.pointer", contains("/page_size"));
        }
        api.request().get(CLUSTERS + "?page_token=nonsense").then().statusCode(400);
    }
}
