package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.penstock.systemtests.Api.Credential;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A tenant's way from the first request to records, and a wrong client's way to a refusal. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FullPathTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> VALUES =
            IntStream.range(0, 500).mapToObj(i -> "event " + i).toList();

    private SharedCluster cluster;
    private Api alice;
    private Clients application;

    @BeforeAll
    void start() throws Exception {
        cluster = SharedCluster.get();
        alice = cluster.alice();
        application = cluster.application();
    }

    @Test
    void theClusterIsActiveAndSaysWhatItIs() {
        var read = alice.get(cluster.path()).then().statusCode(200).extract();

        assertThat(read.<String>path("id")).isEqualTo(cluster.id());
        assertThat(read.<String>path("name")).isEqualTo(SharedCluster.NAME);
        assertThat(read.<String>path("plan")).isEqualTo("small");
        assertThat(read.<Integer>path("brokers")).isEqualTo(3);
        assertThat(read.<Integer>path("zookeeper_nodes")).isEqualTo(3);
        assertThat(read.<String>path("isolation")).isEqualTo("process");
        assertThat(read.<String>path("status.state")).isEqualTo("ACTIVE");
        assertThat(read.<String>path("operation_id")).isNull();
        var nodes = alice.get(cluster.path() + "/nodes").then().statusCode(200).extract();
        assertThat(nodes.<List<String>>path("items.role"))
                .containsExactlyInAnyOrder(
                        "broker", "broker", "broker", "zookeeper", "zookeeper", "zookeeper");
        assertThat(nodes.<List<String>>path("items.address")).doesNotHaveDuplicates();
    }

    @Test
    void everyProcessOfANodeBearsTheClustersId() throws Exception {
        var nodes = LocalNode.of(cluster.installation(), cluster.id());

        assertThat(nodes).hasSize(6);
        for (var node : nodes) {
            var processes = new HashSet<>(Processes.tree(node.supervisor().orElseThrow()));
            processes.addAll(Processes.tree(node.process().orElseThrow()));
            assertThat(processes)
                    .as(node.folder().toString())
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(
                            pid ->
                                    Processes.bears(pid, cluster.id())
                                            || Processes.commandLine(pid).isEmpty());
        }
    }

    @Test
    void theEventsOfTheCreationAreReplayed() throws Exception {
        var events = alice.events(cluster.path() + "/events", "0");

        assertThat(events)
                .extracting(event -> event.get("sequence").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(events.getLast().at("/operation/id").asText())
                .isEqualTo(cluster.creation().id());
        assertThat(events.getLast().at("/operation/state").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void eachPartitionIsKeptByThreeBrokersUnlessItIsToldOtherwise() throws Exception {
        var topics = cluster.path() + "/topics";
        alice.request()
                .body(Map.of("name", "app-replicas", "partitions", 3))
                .post(topics)
                .then()
                .statusCode(201)
                .body("replication_factor", equalTo(3))
                .body("min_insync_replicas", equalTo(2));
        alice.request()
                .body(Map.of("name", "app-alone", "partitions", 1, "replication_factor", 1))
                .post(topics)
                .then()
                .statusCode(201)
                .body("replication_factor", equalTo(1))
                .body("min_insync_replicas", equalTo(1));
        alice.request()
                .body(Map.of("name", "app-many", "partitions", 1, "replication_factor", 4))
                .post(topics)
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/replication_factor"));

        application.produce("app-replicas", VALUES);

        var brokers = Set.of(0, 1, 2);
        assertThat(application.replicas("app-replicas"))
                .hasSize(3)
                .containsOnly(new Clients.Replicas(brokers, brokers));
        assertThat(application.replicas("app-alone").getFirst().all()).hasSize(1);
    }

    @Test
    void javaClientsProduceAndConsumeInAGroup() throws Exception {
        alice.createTopic(cluster.id(), "app-java", 6);

        application.produce("app-java", VALUES);

        assertThat(application.consume("app-java", "app-group", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
        awaitLag("app-group", 0);
        application.produce("app-java", List.of("one more"));
        awaitLag("app-group", 1);
    }

    @Test
    void kcatProducesAndConsumes(@TempDir Path folder) throws Exception {
        alice.createTopic(cluster.id(), "app-kcat", 3);

        application.kcat(folder, String.join("\n", VALUES) + "\n", "-P", "-t", "app-kcat").orFail();

        var output =
                application
                        .kcat(folder, "", "-C", "-t", "app-kcat", "-o", "beginning", "-e", "-q")
                        .orFail();
        assertThat(output.standard().lines()).containsExactlyInAnyOrderElementsOf(VALUES);
    }

    @Test
    void aConsumersCredentialMayReadButNotWrite() throws Exception {
        alice.createTopic(cluster.id(), "app-read", 1);
        application.produce("app-read", List.of("readable"));
        var reader = cluster.newPrincipal("reader", "consumer");

        assertThat(reader.consume("app-read", "app-readers", 1)).containsExactly("readable");
        assertThatThrownBy(() -> reader.produce("app-read", List.of("forbidden")))
                .hasStackTraceContaining(TopicAuthorizationException.class.getName());
    }

    @Test
    void aProducersCredentialIsBoundToItsPrefix() throws Exception {
        alice.createTopic(cluster.id(), "app-write", 1);
        alice.createTopic(cluster.id(), "other-topic", 1);
        var writer = cluster.newPrincipal("writer", "producer");

        writer.produce("app-write", List.of("allowed"));
        assertThatThrownBy(() -> writer.produce("other-topic", List.of("forbidden")))
                .hasStackTraceContaining(TopicAuthorizationException.class.getName());
    }

    @Test
    void aWithdrawnCredentialIsRefused() throws Exception {
        alice.createTopic(cluster.id(), "app-withdrawn", 1);
        var principal = cluster.path() + "/principals/leaver/credentials";
        var created =
                alice.request()
                        .body(Map.of("preset", "producer", "prefix", SharedCluster.PREFIX))
                        .post(principal)
                        .then()
                        .statusCode(201)
                        .extract();
        var leaver =
                new Clients(
                        cluster.endpoints(),
                        new Credential(created.path("username"), created.path("password")));
        leaver.awaitAccepted();
        leaver.produce("app-withdrawn", List.of("before"));

        alice.request().delete(principal + "/" + created.<String>path("id")).then().statusCode(204);

        // Each broker learns of it for itself.
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(
                                                () ->
                                                        leaver.produce(
                                                                "app-withdrawn", List.of("after")))
                                        .hasStackTraceContaining(
                                                SaslAuthenticationException.class.getName()));
    }

    @Test
    void aWrongPasswordIsRefused() {
        var username = application.credential().username();
        var stranger = new Clients(cluster.endpoints(), new Credential(username, "wrong"));

        assertThatThrownBy(() -> stranger.produce("app-java", List.of("forbidden")))
                .hasStackTraceContaining(SaslAuthenticationException.class.getName());
    }

    @Test
    void aClientWithoutTlsIsRefused(@TempDir Path folder) throws Exception {
        for (var protocol : List.of("PLAINTEXT", "SASL_PLAINTEXT")) {
            var plain = application.properties();
            plain.put("security.protocol", protocol);
            plain.put("default.api.timeout.ms", "6000");
            plain.put("request.timeout.ms", "5000");
            plain.keySet()
                    .removeIf(
                            name ->
                                    name.equals("delivery.timeout.ms")
                                            || name.equals("max.block.ms"));
            try (var admin = Admin.create(plain)) {
                var nodes = admin.describeCluster().nodes();
                assertThatThrownBy(() -> nodes.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as(protocol)
                        .hasStackTraceContaining("org.apache.kafka.common.errors");
            }
        }
        var servers = cluster.endpoints().servers();
        var kcat =
                Commands.run(
                        LIMIT,
                        folder,
                        Map.of(),
                        "",
                        List.of(
                                System.getProperty("penstock.kcat"),
                                "-b",
                                servers,
                                "-L",
                                "-m",
                                "5"));
        assertThat(kcat.status()).isNotZero();
    }

    private void awaitLag(String group, int lag) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                alice.get(cluster.path() + "/groups/" + group + "/offsets")
                                        .then()
                                        .statusCode(200)
                                        .body("total_lag", equalTo(lag)));
    }
}
