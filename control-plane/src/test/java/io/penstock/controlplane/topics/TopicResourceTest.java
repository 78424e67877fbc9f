package io.penstock.controlplane.topics;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicResourceTest {
    @Inject FakePlatform platform;

    private final String organization = Api.newOrganization();
    private Api api;
    private String cluster;
    private String topics;

    @BeforeEach
    void createCluster() {
        if (topics != null) {
            return;
        }
        api = Api.as("owner", organization, "owner");
        cluster = api.activeCluster("with-topics");
        topics = CLUSTERS + "/" + cluster + "/topics";
    }

    @Test
    void aTopicIsReadAtOnceAndGoneOnceDeleted() {
        api.json(
                        """
                        {"name": "orders", "partitions": 6, "replication_factor": 1, "configs": {"retention.ms": "1000"}}
                        """)
                .post(topics)
                .then()
                .statusCode(201)
                .body("name", equalTo("orders"))
                .body("partitions", equalTo(6))
                .body("replication_factor", equalTo(1))
                .body("min_insync_replicas", equalTo(1))
                .body("configs.'retention.ms'", equalTo("1000"));
        api.request().get(topics + "/orders").then().statusCode(200).body("partitions", equalTo(6));
        api.request().get(topics).then().body("items.name", contains("orders"));

        api.json("{\"name\": \"orders\", \"partitions\": 1}").post(topics).then().statusCode(409);

        api.request().delete(topics + "/orders").then().statusCode(204);
        api.request().delete(topics + "/orders").then().statusCode(404);
        api.request().get(topics + "/orders").then().statusCode(404);
    }

    @Test
    void whoDoesNotSayHowManyReplicasGetsTheClustersDefault() {
        api.json("{\"name\": \"usual\", \"partitions\": 1}")
                .post(topics)
                .then()
                .statusCode(201)
                .body("replication_factor", equalTo(3))
                .body("min_insync_replicas", equalTo(2));
        api.request().delete(topics + "/usual").then().statusCode(204);
    }

    @Test
    void topicsAreListedByNameInPages() {
        for (var name : new String[] {"page-c", "page-a", "page-b"}) {
            api.json("{\"name\": \"%s\", \"partitions\": 1}".formatted(name))
                    .post(topics)
                    .then()
                    .statusCode(201);
        }

        var first = api.request().get(topics + "?page_size=2");
        first.then().body("items.name", contains("page-a", "page-b"));
        api.request()
                .queryParam("page_size", 2)
                .queryParam("page_token", first.<String>path("next_page_token"))
                .get(topics)
                .then()
                .body("items.name", contains("page-c"))
                .body("next_page_token", nullValue());
        for (var name : new String[] {"page-c", "page-a", "page-b"}) {
            api.request().delete(topics + "/" + name).then().statusCode(204);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"partitions\": 1} | /name",
                "{\"name\": \"a b\", \"partitions\": 1} | /name",
                "{\"name\": \"..\", \"partitions\": 1} | /name",
                "{\"name\": \"__consumer_offsets\", \"partitions\": 1} | /name",
                "{\"name\": \"a\"} | /partitions",
                "{\"name\": \"a\", \"partitions\": 0} | /partitions",
                "{\"name\": \"a\", \"partitions\": 100000} | /partitions",
                "{\"name\": \"a\", \"partitions\": \"1\"} | /partitions",
                "{\"name\": \"a\", \"partitions\": 1, \"replication_factor\": 0} | /replication_factor",
                "{\"name\": \"a\", \"partitions\": 1, \"configs\": []} | /configs",
                "{\"name\": \"a\", \"partitions\": 1, \"configs\": {\"x/y\": null}} | /configs/x~1y",
                "{\"name\": \"a\", \"partitions\": 1, \"configs\": null} | /configs",
                "{\"name\": \"a\", \"partitions\": 1, \"replication_factor\": null} | /replication_factor",
                "{\"name\": \"a\", \"partitions\": 1, \"configs\": {\"x\": 1}} | /configs/x",
                "{\"name\": \"a\", \"partitions\": 1, \"shape\": 1} | /shape",
            })
    void wrongInputIsPointedAt(String body, String pointer) {
        api.json(body)
                .post(topics)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.pointer", contains(pointer));
    }

    @Test
    void theBrokersOwnTopicsAreNotThere() {
        api.request().get(topics + "/__consumer_offsets").then().statusCode(404);
        api.request().delete(topics + "/__consumer_offsets").then().statusCode(404);
    }

    @Test
    void aRepeatWithItsKeyIsAnsweredOnceMoreAndARefusalIsNotKept() {
        var body = "{\"name\": \"repeated\", \"partitions\": 2}";
        for (int time = 0; time < 2; time++) {
            api.json(body)
                    .header("Idempotency-Key", "topic-1")
                    .post(topics)
                    .then()
                    .statusCode(201)
                    .body("name", equalTo("repeated"));
        }
        api.json("{\"name\": \"other\", \"partitions\": 2}")
                .header("Idempotency-Key", "topic-1")
                .post(topics)
                .then()
                .statusCode(422)
                .body("errors", hasSize(1));

        api.json(body).header("Idempotency-Key", "topic-2").post(topics).then().statusCode(409);
        api.request().delete(topics + "/repeated").then().statusCode(204);
        api.json(body).header("Idempotency-Key", "topic-2").post(topics).then().statusCode(201);
        api.request().delete(topics + "/repeated").then().statusCode(204);
    }

    @Test
    void aClusterThatDoesNotAnswerIsA503ThatMayBeTriedAgain() {
        platform.silence(cluster);
        try {
            api.request()
                    .get(topics)
                    .then()
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("code", equalTo("cluster_unavailable"))
                    .body("retryable", equalTo(true));
        } finally {
            platform.hear(cluster);
        }
    }

    @Test
    void aViewerReadsAndDoesNotWrite() {
        var viewer = Api.as("viewer", organization, "viewer");

        viewer.request().get(topics).then().statusCode(200);
        viewer.json("{\"name\": \"a\", \"partitions\": 1}")
                .post(topics)
                .then()
                .statusCode(403)
                .body("code", equalTo("role_required"))
                .body("detail", equalTo("This needs the role developer; yours is viewer"));
        viewer.request().delete(topics + "/a").then().statusCode(403);
        Api.as("developer", organization, "developer")
                .request()
                .delete(topics + "/absent")
                .then()
                .statusCode(404);
    }
}
