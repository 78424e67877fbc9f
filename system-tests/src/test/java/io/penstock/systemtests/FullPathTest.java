package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Api.Credential;
import io.restassured.RestAssured;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tenant's way from the first request to records, and everybody else's way to a refusal. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FullPathTest {
    private static final String TOPIC = "app-events";
    private static final List<String> VALUES =
            IntStream.range(0, 500).mapToObj(i -> "event " + i).toList();

    private Installation installation;
    private Api alice;
    private String cluster;
    private Clients application;

    @BeforeAll
    void createClusters() throws Exception {
        installation = Installation.running();
        alice = installation.as("alice");
        var operation = alice.create("full-path", 3);
        cluster = operation.clusterId();
        alice.awaitSuccess(operation);
        alice.createTopic(cluster, TOPIC, 6);
        application =
                new Clients(
                        alice.endpoints(cluster),
                        alice.credential(cluster, "app", "admin", "app-"));
    }

    @AfterAll
    void deleteClusters() {
        alice.awaitSuccess(alice.delete(cluster));
        assertThat(alice.get(Api.CLUSTERS + "/" + cluster).statusCode()).isEqualTo(404);
        assertThat(Installation.processes(cluster)).isEmpty();
        assertThat(installation.home().resolve("clusters").resolve(cluster)).doesNotExist();
    }

    @Test
    void theClusterIsActiveAndItsNodesServe() {
        assertThat(alice.state(cluster)).isEqualTo("ACTIVE");
        var nodes =
                alice.get(Api.CLUSTERS + "/" + cluster + "/nodes").then().statusCode(200).extract();
        assertThat(nodes.<List<String>>path("items.role"))
                .containsExactlyInAnyOrder(
                        "broker", "broker", "broker", "zookeeper", "zookeeper", "zookeeper");
        assertThat(nodes.<List<String>>path("items.address")).doesNotHaveDuplicates();
    }

    @Test
    void javaClientsProduceAndConsumeInAGroup() throws Exception {
        alice.createTopic(cluster, "app-java", 6);

        application.produce("app-java", VALUES);

        assertThat(application.consume("app-java", "app-group", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                alice.get(
                                                                Api.CLUSTERS
                                                                        + "/"
                                                                        + cluster
                                                                        + "/groups/app-group/offsets")
                                                        .then()
                                                        .statusCode(200)
                                                        .extract()
                                                        .<Integer>path("total_lag"))
                                        .isZero());
    }

    @Test
    void kcatProducesAndConsumes(@TempDir Path folder) throws Exception {
        alice.createTopic(cluster, "app-kcat", 3);

        application.kcat(folder, String.join("\n", VALUES) + "\n", "-P", "-t", "app-kcat").orFail();

        var output =
                application
                        .kcat(folder, "", "-C", "-t", "app-kcat", "-o", "beginning", "-e", "-q")
                        .orFail();
        assertThat(output.standard().lines()).containsExactlyInAnyOrderElementsOf(VALUES);
    }

    @Test
    void aConsumersCredentialMayReadButNotWrite() throws Exception {
        alice.createTopic(cluster, "app-read", 1);
        application.produce("app-read", List.of("readable"));
        var reader =
                new Clients(
                        alice.endpoints(cluster),
                        alice.credential(cluster, "reader", "consumer", "app-"));

        assertThat(reader.consume("app-read", "app-readers", 1)).containsExactly("readable");
        assertThatThrownBy(() -> reader.produce("app-read", List.of("forbidden")))
                .hasStackTraceContaining(TopicAuthorizationException.class.getName());
    }

    @Test
    void aProducersCredentialIsBoundToItsPrefix() throws Exception {
        alice.createTopic(cluster, "other-topic", 1);
        var writer =
                new Clients(
                        alice.endpoints(cluster),
                        alice.credential(cluster, "writer", "producer", "app-"));

        writer.produce(TOPIC, List.of("allowed"));
        assertThatThrownBy(() -> writer.produce("other-topic", List.of("forbidden")))
                .hasStackTraceContaining(TopicAuthorizationException.class.getName());
    }

    @Test
    void aWrongPasswordAnotherClustersCredentialAndPlainTextAreRefused() throws Exception {
        var operation = alice.create("full-path-other", 1);
        alice.awaitSuccess(operation);
        try {
            var foreign = alice.credential(operation.clusterId(), "app-foreign", "admin", "");
            for (var credential : List.of(foreign, new Credential("app", "wrong"))) {
                var stranger = new Clients(alice.endpoints(cluster), credential);
                assertThatThrownBy(() -> stranger.produce(TOPIC, List.of("forbidden")))
                        .hasStackTraceContaining(SaslAuthenticationException.class.getName());
            }
        } finally {
            alice.awaitSuccess(alice.delete(operation.clusterId()));
        }
        var plain = application.properties();
        plain.put("security.protocol", "PLAINTEXT");
        plain.put("default.api.timeout.ms", "6000");
        plain.put("request.timeout.ms", "5000");
        plain.keySet()
                .removeIf(
                        name -> name.equals("delivery.timeout.ms") || name.equals("max.block.ms"));
        try (var admin = Admin.create(plain)) {
            var nodes = admin.describeCluster().nodes();
            assertThatThrownBy(() -> nodes.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void anotherTenantSeesNothingOfTheCluster() throws Exception {
        var carol = installation.as("carol");
        var path = Api.CLUSTERS + "/" + cluster;

        for (var below :
                List.of(
                        "",
                        "/nodes",
                        "/nodes/broker-0",
                        "/endpoints",
                        "/topics",
                        "/topics/" + TOPIC,
                        "/principals",
                        "/groups/app-group/offsets",
                        "/operations",
                        "/events")) {
            assertThat(carol.get(path + below).statusCode()).as(below).isEqualTo(404);
        }
        assertThat(carol.request().header("If-Match", "\"g1\"").delete(path).statusCode())
                .isEqualTo(404);
        assertThat(carol.clusterNames()).doesNotContain("full-path");
        assertThat(alice.clusterNames()).contains("full-path");
    }

    @Test
    void aViewerReadsButChangesNothing() throws Exception {
        var bob = installation.as("bob");

        assertThat(bob.state(cluster)).isEqualTo("ACTIVE");
        var refused =
                bob.request()
                        .body(Map.of("name", "bobs", "plan", "small", "brokers", 1))
                        .post(Api.CLUSTERS);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.contentType()).startsWith("application/problem+json");
    }

    @Test
    void withoutCredentialsTheAnswerIs401AndNeverARedirect() {
        var paths = Stream.of("/me", Api.CLUSTERS, Api.CLUSTERS + "/" + cluster + "/events");
        paths.forEach(
                path -> {
                    var response =
                            RestAssured.given()
                                    .baseUri(installation.url())
                                    .basePath("/api/v1")
                                    .redirects()
                                    .follow(false)
                                    .get(path);
                    assertThat(response.statusCode()).as(path).isEqualTo(401);
                    assertThat(response.header("WWW-Authenticate")).startsWith("Bearer");
                });
    }

    @Test
    void aKilledBrokerComesBackWithItsRecords() throws Exception {
        alice.createTopic(cluster, "app-durable", 6);
        application.produce("app-durable", VALUES);
        var node = installation.home().resolve("clusters").resolve(cluster).resolve("broker-1");
        var pidFile = node.resolve("node.pid");
        var killed = Long.parseLong(Files.readString(pidFile).strip());

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(
                        () -> {
                            var pid = Long.parseLong(Files.readString(pidFile).strip());
                            return pid != killed
                                    && Installation.commandLine(pid).contains("NodeMain");
                        });
        assertThat(application.consume("app-durable", "app-after-kill", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
    }
}
