package io.penstock.controlplane.operations;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class OperationEngineTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Inject OperationEngine engine;
    @Inject FakePlatform platform;

    @Test
    void whatADeadReplicaHadPickedIsTakenOverByTheNext() throws Exception {
        var api = Api.ofNewOrganization();
        engine.stop();
        String cluster;
        try {
            cluster = api.create("resumed").path("target.cluster_id");
            // As a replica leaves it that is killed in the middle of a step.
            try (var connection =
                            DriverManager.getConnection(
                                    TestEnvironment.jdbcUrl(),
                                    "penstock_engine",
                                    "engine-password");
                    var statement = connection.createStatement()) {
                statement.executeUpdate(
                        "update scheduled_tasks set picked = true, picked_by = 'killed',"
                                + " last_heartbeat = now() where task_name = 'operation'");
                statement.executeUpdate(
                        "update operation set state = 'RUNNING', epoch = 1 where cluster_id = '"
                                + cluster
                                + "'");
            }
        } finally {
            engine.start();
        }

        api.awaitState(cluster, "ACTIVE");
        assertThat(platform.machines()).containsKey(cluster);
    }

    @Test
    void aStepThatFailsIsTriedAgain() {
        var api = Api.ofNewOrganization();
        platform.hold();
        String cluster;
        try {
            cluster = api.create("stubborn").path("target.cluster_id");
            platform.failNext(cluster, 2);
        } finally {
            platform.release();
        }

        api.awaitState(cluster, "ACTIVE");
        api.request()
                .get(CLUSTERS + "/" + cluster + "/operations")
                .then()
                .body("items[0].state", equalTo("SUCCEEDED"))
                .body(
                        "items[0].steps.find { it.name == 'apply_infrastructure' }.attempt",
                        greaterThan(2));
    }

    @Test
    void stepsFollowOneAnotherWithoutAPause() {
        await("a creation in one go, however slow the machine is at times")
                .atMost(LIMIT)
                .until(
                        () -> pausesOfACreation(),
                        // One look of a poller is half a second.
                        pauses -> pauses.compareTo(Duration.ofMillis(500)) < 0);
    }

    /** The time that a new cluster's steps have waited for one another, all together. */
    private static Duration pausesOfACreation() {
        var api = Api.ofNewOrganization();
        var cluster = api.activeCluster("quick");
        var operation = api.request().get(CLUSTERS + "/" + cluster + "/operations");
        List<String> starts = operation.path("items[0].steps.started_at");
        List<String> ends = operation.path("items[0].steps.ended_at");
        assertThat(starts).hasSizeGreaterThan(4);
        return IntStream.range(1, starts.size())
                .mapToObj(
                        step ->
                                Duration.between(
                                        Instant.parse(ends.get(step - 1)),
                                        Instant.parse(starts.get(step))))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void aStopCutsAStepOffAndTheNextStartResumesIt() {
        var api = Api.ofNewOrganization();
        platform.hold();
        String cluster;
        try {
            cluster = api.create("paused").path("target.cluster_id");
            await().atMost(LIMIT).until(() -> platform.hasBegun(cluster));

            assertTimeout(Duration.ofMinutes(1), () -> engine.stop());

            assertThat(engine.isReady()).isFalse();
            api.request()
                    .get(CLUSTERS + "/" + cluster + "/operations")
                    .then()
                    .body("items[0].state", equalTo("RUNNING"))
                    .body("items[0].steps.state", not(hasItem("FAILED")));
        } finally {
            platform.release();
            engine.start();
        }

        api.awaitState(cluster, "ACTIVE");
        api.request()
                .get(CLUSTERS + "/" + cluster + "/operations")
                .then()
                .body(
                        "items[0].steps.find { it.name == 'apply_infrastructure' }.attempt",
                        equalTo(2));
    }

    @Test
    void healthIsKnownWithoutAnyOperation() {
        var api = Api.ofNewOrganization();
        var cluster = api.activeCluster("observed");

        platform.silence(cluster);
        awaitHealth(api, cluster, "UNAVAILABLE");
        platform.hear(cluster);
        awaitHealth(api, cluster, "HEALTHY");
    }

    private static void awaitHealth(Api api, String cluster, String health) {
        await().atMost(LIMIT)
                .until(
                        () ->
                                health.equals(
                                        api.request()
                                                .get(CLUSTERS + "/" + cluster)
                                                .path("status.health")));
    }
}
