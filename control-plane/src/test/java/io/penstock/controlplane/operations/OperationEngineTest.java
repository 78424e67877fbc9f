package io.penstock.controlplane.operations;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class OperationEngineTest {
    @Inject OperationEngine engine;
    @Inject FakePlatform platform;
    @TestHTTPResource URI root;

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
        platform.failNext(2);

        var cluster = api.activeCluster("stubborn");

        api.request()
                .get(CLUSTERS + "/" + cluster + "/operations")
                .then()
                .body("items[0].state", equalTo("SUCCEEDED"))
                .body(
                        "items[0].steps.find { it.name == 'apply_infrastructure' }.attempt",
                        greaterThan(2));
    }

    @Test
    @Timeout(60)
    void eventsReplayWithoutGapsFromTheLastSeen() throws Exception {
        var api = Api.ofNewOrganization();
        var cluster = api.activeCluster("watched");

        var all = ids(api, cluster, "0", 10);
        var rest = ids(api, cluster, "4", 6);

        assertThat(all).containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
        assertThat(rest).containsExactlyElementsOf(LongStream.rangeClosed(5, 10).boxed().toList());
    }

    private List<Long> ids(Api api, String cluster, String lastEventId, int count)
            throws Exception {
        var request =
                HttpRequest.newBuilder(root.resolve(CLUSTERS + "/" + cluster + "/events"))
                        .header("Authorization", "Bearer " + api.token())
                        .header("Last-Event-ID", lastEventId)
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request, BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            List<Long> ids = new ArrayList<>();
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine();
                        line != null && ids.size() < count;
                        line = lines.readLine()) {
                    if (line.startsWith("id:")) {
                        ids.add(Long.parseLong(line.substring(3).strip()));
                    }
                }
            }
            client.shutdownNow();
            return ids;
        }
    }
}
