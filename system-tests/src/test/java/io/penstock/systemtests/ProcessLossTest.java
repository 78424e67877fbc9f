package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What a cluster survives: the loss of a broker, of a supervisor, and of everything at once. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessLossTest {
    private static final Duration RETURN_LIMIT = Duration.ofMinutes(3);
    private static final List<String> VALUES =
            IntStream.range(0, 500).mapToObj(i -> "kept " + i).toList();

    private Installation installation;
    private SharedCluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = SharedCluster.get();
        installation = cluster.installation();
    }

    @Test
    void aKilledBrokerComesBackWithTheRecordsThatItAcknowledged() throws Exception {
        cluster.alice().createTopic(cluster.id(), "app-broker-loss", 6);
        cluster.application().produce("app-broker-loss", VALUES);
        var node = LocalNode.of(installation, cluster.id(), "broker-1");
        var killed = node.process().orElseThrow();

        Processes.kill(killed);

        await().atMost(RETURN_LIMIT)
                .until(() -> node.process().filter(pid -> !pid.equals(killed)).isPresent());
        assertThat(
                        cluster.application()
                                .consume("app-broker-loss", "app-broker-loss", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
        cluster.application().produce("app-broker-loss", List.of("and one more"));
        cluster.awaitHealth();
    }

    @Test
    void aBrokerThatStaysAwayIsMissedByNobody() throws Exception {
        var application = cluster.application();
        cluster.alice().createTopic(cluster.id(), "app-away", 6);
        application.produce("app-away", VALUES);
        assertThat(application.consume("app-away", "app-away", VALUES.size()))
                .hasSameSizeAs(VALUES);
        var coordinator = application.coordinator("app-away");
        var node = LocalNode.of(installation, cluster.id(), "broker-" + coordinator);
        var supervisor = node.supervisor().orElseThrow();
        Processes.kill(supervisor);
        Processes.awaitEnd(supervisor);

        Processes.kill(node.process().orElseThrow());

        application.produce("app-away", List.of("without it"));
        assertThat(application.consume("app-away", "app-away", 1))
                .as("the group goes on where it was, with another coordinator")
                .containsExactly("without it");
        assertThat(application.consume("app-away", "app-away-all", VALUES.size() + 1))
                .containsAll(VALUES);
        assertThat(node.process()).isEmpty();
        installation.up();
        cluster.awaitHealth();
        assertThat(application.replicas("app-away"))
                .allSatisfy(partition -> assertThat(partition.inSync()).contains(coordinator));
    }

    @Test
    void upMendsAKilledSupervisorAndLeavesItsNodeAlone() throws Exception {
        var node = LocalNode.of(installation, cluster.id(), "broker-2");
        var killed = node.supervisor().orElseThrow();
        var process = node.process().orElseThrow();
        Processes.kill(killed);
        Processes.awaitEnd(killed);
        assertThat(node.process()).contains(process);

        installation.up();

        assertThat(node.supervisor()).isPresent().get().isNotEqualTo(killed);
        assertThat(node.process()).contains(process);
        Processes.kill(process);
        await().atMost(RETURN_LIMIT)
                .until(() -> node.process().filter(pid -> !pid.equals(process)).isPresent());
        cluster.awaitHealth();
    }

    @Test
    void downAndUpBringEverythingBackWithDataEndpointsAndCredentials() throws Exception {
        cluster.alice().createTopic(cluster.id(), "app-down-up", 6);
        cluster.application().produce("app-down-up", VALUES);
        assertThat(cluster.application().consume("app-down-up", "app-down-up", VALUES.size()))
                .hasSameSizeAs(VALUES);
        var addresses = cluster.alice().addresses(cluster.id());

        installation.down();
        Processes.awaitNoneBearing(installation.home() + "/");
        installation.up();

        assertThat(cluster.alice().endpoints(cluster.id())).isEqualTo(cluster.endpoints());
        assertThat(cluster.alice().addresses(cluster.id())).isEqualTo(addresses);
        assertThat(cluster.application().consume("app-down-up", "app-after-down", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
        cluster.application().produce("app-down-up", List.of("after down"));
        assertThat(cluster.application().consume("app-down-up", "app-down-up", 1))
                .as("the group goes on where it was")
                .containsExactly("after down");
        cluster.awaitHealth();
    }
}
