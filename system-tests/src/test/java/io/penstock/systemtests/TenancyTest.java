package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.systemtests.OpenApi.Call;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What other tenants, viewers and strangers get, on every path of the API's document. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenancyTest {
    private SharedCluster cluster;
    private Api alice;
    private List<Call> calls;
    private Map<String, String> resources;

    @BeforeAll
    void makeOneOfEachResource() throws Exception {
        cluster = SharedCluster.get();
        alice = cluster.alice();
        alice.createTopic(cluster.id(), "app-tenancy", 1);
        var credential =
                alice.request()
                        .body(Map.of("preset", "admin", "prefix", SharedCluster.PREFIX))
                        .post(cluster.path() + "/principals/tenancy/credentials")
                        .then()
                        .statusCode(201)
                        .extract();
        cluster.application().produce("app-tenancy", List.of("seen"));
        cluster.application().consume("app-tenancy", "app-tenancy", 1);
        resources =
                Map.of(
                        "project",
                        alice.projectId(),
                        "cluster",
                        cluster.id(),
                        "topic",
                        "app-tenancy",
                        "principal",
                        "tenancy",
                        "credential",
                        credential.path("id"),
                        "group",
                        "app-tenancy",
                        "node",
                        "broker-0",
                        "operation",
                        cluster.creation().id());
        calls = OpenApi.read(cluster.installation().checkout()).calls();
    }

    @Test
    void theOwnerReadsAllOfIt() throws Exception {
        var reads = calls.stream().filter(call -> call.method().equals("GET")).toList();

        assertThat(reads).hasSizeGreaterThan(10);
        for (var call : reads) {
            var answer = alice.send(call.with(resources));
            // Passwords are shown once: the path of one credential has no GET.
            assertThat(answer.status()).as("%s", call).isEqualTo(200);
        }
    }

    @Test
    void anotherTenantFindsNothingOfIt() throws Exception {
        var carol = cluster.installation().as("carol");
        var owned = calls.stream().filter(call -> call.path().contains("{project}")).toList();

        assertThat(owned).hasSizeGreaterThan(15);
        for (var call : owned) {
            var answer = carol.send(call.with(resources));
            assertThat(answer.status()).as("%s: %s", call, answer).isEqualTo(404);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }
        // By the name that carol's own project bears as well.
        var own = new HashMap<>(resources);
        own.put("project", "default");
        for (var call : owned) {
            if (!call.path().endsWith("{project}/clusters")) {
                var answer = carol.send(call.with(own));
                assertThat(answer.status()).as("%s: %s", call, answer).isEqualTo(404);
            }
        }
        assertThat(carol.clusterNames()).isEmpty();
        assertThat(alice.clusterNames()).contains(SharedCluster.NAME);
        assertThat(alice.state(cluster.id())).isEqualTo("ACTIVE");
    }

    @Test
    void aViewerReadsButChangesNothing() throws Exception {
        var bob = cluster.installation().as("bob");

        assertThat(bob.state(cluster.id())).isEqualTo("ACTIVE");
        var changes = calls.stream().filter(call -> !call.method().equals("GET")).toList();
        assertThat(changes).hasSizeGreaterThanOrEqualTo(5);
        for (var call : changes) {
            var answer = bob.send(call.with(resources));
            assertThat(answer.status()).as("%s: %s", call, answer).isEqualTo(403);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }
        assertThat(alice.get(cluster.path() + "/topics/app-tenancy").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutCredentialsTheAnswerIs401AndNeverARedirect() throws Exception {
        for (var token : List.of("", "not-a-token")) {
            var stranger = new Api(cluster.installation().url(), () -> token);
            for (var call : calls) {
                var answer = stranger.send(call.with(resources));
                assertThat(answer.status()).as("%s: %s", call, answer).isEqualTo(401);
                assertThat(answer.challenge()).as("%s", call).startsWith("Bearer");
            }
        }
    }
}
