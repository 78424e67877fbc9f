package io.penstock.controlplane.operations;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.EventReader;
import io.penstock.controlplane.testing.TestEnvironment;
import io.penstock.controlplane.testing.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.LongStream;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
@Timeout(600)
class EventResourceTest {
    @TestHTTPResource URI root;

    @Test
    void aStreamReplaysWithoutGapsGoesOnLiveAndEndsWithTheCluster() throws Exception {
        var api = Api.ofNewOrganization();
        var cluster = api.activeCluster("watched");
        try (var all = open(api, cluster + "/events", "0");
                var rest = open(api, cluster + "/events", "4");
                var first = open(api, cluster + "/events?last_event_id=3", null);
                var again = open(api, cluster + "/events?last_event_id=0", "4")) {
            api.request()
                    .header("If-Match", "\"g1\"")
                    .delete(CLUSTERS + "/" + cluster)
                    .then()
                    .statusCode(202);

            var events = all.untilEnd();

            assertThat(events.getLast().type()).isEqualTo("cluster.deleted");
            assertThat(events.stream().map(EventReader.Event::id))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, events.size()).boxed().toList());
            assertThat(rest.untilEnd()).isEqualTo(events.subList(4, events.size()));
            assertThat(first.untilEnd()).isEqualTo(events.subList(3, events.size()));
            assertThat(again.untilEnd())
                    .as("a browser that comes again keeps its URL: the header decides")
                    .isEqualTo(events.subList(4, events.size()));
        }
    }

    @Test
    void aNewStreamTellsOnlyWhatHappensFromNowOnAndSoon() throws Exception {
        var api = Api.ofNewOrganization();
        var cluster = api.activeCluster("live");
        try (var stream = open(api, cluster + "/events", null)) {
            stream.awaitOpen();
            api.request().header("If-Match", "\"g1\"").delete(CLUSTERS + "/" + cluster);

            var first = stream.next();
            var delay = Duration.between(first.at(), Instant.now());

            assertThat(first.type()).isEqualTo("operation.updated");
            assertThat(first.data()).contains("cluster.delete");
            assertThat(delay)
                    .as("earlier than an idle stream looks for itself, every 15 s")
                    .isLessThan(Duration.ofSeconds(10));
            stream.untilEnd();
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        var organization = Api.newOrganization();
        var cluster = Api.as("eve", organization, "owner").activeCluster("expiring");
        var token =
                TestIssuer.token(
                        Map.of(
                                "preferred_username", "eve",
                                "organization", organization,
                                "organization_role", "viewer"),
                        "penstock",
                        "eve",
                        Duration.ofSeconds(8));
        try (var stream = open(new Api(token), cluster + "/events", null)) {
            assertThat(stream.untilEnd()).isEmpty();
        }
    }

    @Test
    void anIdOfNoStreamIsRefused() {
        var api = Api.ofNewOrganization();
        String cluster = api.create("refusing").path("target.cluster_id");
        for (var id : new String[] {"-1", "abc", "1234567890123456789"}) {
            api.request()
                    .header("Last-Event-ID", id)
                    .get(CLUSTERS + "/" + cluster + "/events")
                    .then()
                    .statusCode(400)
                    .body("errors.pointer", contains("/Last-Event-ID"));
            api.request()
                    .queryParam("last_event_id", id)
                    .get(CLUSTERS + "/" + cluster + "/events")
                    .then()
                    .statusCode(400)
                    .body("errors.pointer", contains("/last_event_id"));
        }
    }

    private EventReader open(Api api, String path, String lastEventId) throws Exception {
        return EventReader.open(root.resolve(CLUSTERS + "/" + path), api.token(), lastEventId);
    }
}
