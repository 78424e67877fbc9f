package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Api.Operation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** What survives the loss of the control plane, and of everything at once. */
@Tag("system")
class ResilienceTest {
    private static final List<String> VALUES =
            IntStream.range(0, 200).mapToObj(i -> "kept " + i).toList();

    /**
     * How long a create may run before its control plane is killed: from at once to well into
     * Terraform.
     */
    private static final int LATEST_KILL_MILLIS = 8000;

    private final Random random = new Random(Long.getLong("penstock.seed", 1));
    private Installation installation;
    private Api alice;

    @BeforeEach
    void start() throws Exception {
        installation = Installation.running();
        installation.up();
        alice = installation.as("alice");
    }

    @AfterEach
    void deleteAll() throws Exception {
        installation.up();
        List<String> clusters =
                alice.get(Api.CLUSTERS).then().statusCode(200).extract().path("items.id");
        for (var cluster : clusters) {
            alice.awaitSuccess(alice.delete(cluster));
        }
    }

    @Test
    void aCreateWhoseControlPlaneIsKilledEndsWithOneClusterAndNoOrphan() throws Exception {
        var operation = alice.create("killed-create", 3);
        awaitProgress(operation, random.nextInt(LATEST_KILL_MILLIS));

        killControlPlane();
        installation.up();

        alice.awaitSuccess(operation);
        assertThat(alice.state(operation.clusterId())).isEqualTo("ACTIVE");
        assertExactNodes(operation.clusterId(), 6);
        alice.createTopic(operation.clusterId(), "after-kill", 3);
        var application =
                new Clients(
                        alice.endpoints(operation.clusterId()),
                        alice.credential(operation.clusterId(), "app", "admin", ""));
        application.produce("after-kill", VALUES);
        assertThat(application.consume("after-kill", "after-kill", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
    }

    @Test
    void aDeleteWhoseControlPlaneIsKilledLeavesNothing() throws Exception {
        var created = alice.create("killed-delete", 1);
        alice.awaitSuccess(created);
        var operation = alice.delete(created.clusterId());
        awaitProgress(operation, random.nextInt(LATEST_KILL_MILLIS / 4));

        killControlPlane();
        installation.up();

        alice.awaitSuccess(operation);
        assertThat(alice.get(Api.CLUSTERS + "/" + created.clusterId()).statusCode()).isEqualTo(404);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(Installation.processes(created.clusterId())).isEmpty());
        assertThat(installation.home().resolve("clusters").resolve(created.clusterId()))
                .doesNotExist();
    }

    @Test
    void downAndUpBringEveryClusterBackWithDataEndpointsAndCredentials() throws Exception {
        var operation = alice.create("down-up", 1);
        alice.awaitSuccess(operation);
        var cluster = operation.clusterId();
        alice.createTopic(cluster, "kept", 2);
        var application =
                new Clients(
                        alice.endpoints(cluster), alice.credential(cluster, "app", "admin", ""));
        application.produce("kept", VALUES);

        installation.down();
        assertThat(Installation.processes(installation.home().toString() + "/")).isEmpty();
        installation.up();

        assertThat(alice.endpoints(cluster)).isEqualTo(application.endpoints());
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                "HEALTHY"
                                        .equals(
                                                alice.get(Api.CLUSTERS + "/" + cluster)
                                                        .path("status.health")));
        assertThat(application.consume("kept", "after-down", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
    }

    @Test
    void theSameCreateSentTwiceMakesOneCluster() {
        var key = UUID.randomUUID().toString();

        var first = alice.create("sent-twice", 1, key);
        var second = alice.create("sent-twice", 1, key);

        assertThat(second).isEqualTo(first);
        alice.awaitSuccess(first);
        assertThat(alice.clusterNames()).containsOnlyOnce("sent-twice");
        assertThat(alice.create("sent-twice", 1, key)).isEqualTo(first);
    }

    @Test
    void twoClustersAtTheSameTimeBothWorkAndShareNoAddress() throws Exception {
        var first = alice.create("at-once-a", 1);
        var second = alice.create("at-once-b", 1);
        alice.awaitSuccess(first);
        alice.awaitSuccess(second);

        var addresses = addresses(first.clusterId());
        addresses.addAll(addresses(second.clusterId()));
        assertThat(addresses).doesNotHaveDuplicates();
        for (var cluster : List.of(first.clusterId(), second.clusterId())) {
            alice.createTopic(cluster, "events", 1);
            var application =
                    new Clients(
                            alice.endpoints(cluster),
                            alice.credential(cluster, "app", "admin", ""));
            application.produce("events", List.of(cluster));
            assertThat(application.consume("events", "group", 1)).containsExactly(cluster);
        }
    }

    /** Lets the operation run for so long, or until it has ended. */
    private void awaitProgress(Operation operation, int milliseconds) {
        var end = System.nanoTime() + milliseconds * 1_000_000L;
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () ->
                                System.nanoTime() - end >= 0
                                        || "SUCCEEDED"
                                                .equals(
                                                        alice.get(
                                                                        "/projects/default/operations/"
                                                                                + operation.id())
                                                                .path("state")));
    }

    private void killControlPlane() throws IOException, InterruptedException {
        var pid = installation.pid("control-plane");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> Installation.commandLine(pid).isEmpty());
    }

    /**
     * One folder and one node process for each node, and no other process of the cluster but the
     * supervisors.
     */
    private void assertExactNodes(String cluster, int count) throws IOException {
        var running = new HashSet<Long>();
        try (var folders = Files.list(installation.home().resolve("clusters").resolve(cluster))) {
            var nodes =
                    folders.filter(folder -> Files.exists(folder.resolve("node.json"))).toList();
            assertThat(nodes).hasSize(count);
            for (var node : nodes) {
                running.add(Long.parseLong(Files.readString(node.resolve("node.pid")).strip()));
            }
        }
        assertThat(running).hasSize(count);
        var processes =
                Installation.processes(cluster).stream()
                        .filter(pid -> Installation.commandLine(pid).contains("NodeMain"))
                        .toList();
        assertThat(processes).containsExactlyInAnyOrderElementsOf(running);
    }

    private ArrayList<String> addresses(String cluster) {
        return new ArrayList<>(
                alice.get(Api.CLUSTERS + "/" + cluster + "/nodes")
                        .then()
                        .statusCode(200)
                        .extract()
                        .<List<String>>path("items.address"));
    }
}
