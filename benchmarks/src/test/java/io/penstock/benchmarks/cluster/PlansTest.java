package io.penstock.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.Workspace;
import io.penstock.benchmarks.cluster.NodePlan.Role;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

class PlansTest {

    @TempDir private Path home;

    private Workspace workspace;

    @BeforeEach
    void peers() throws IOException {
        workspace = new Workspace(Path.of("/checkout"), home);
        for (String peer : List.of("kraft", "zookeeper")) {
            Files.createDirectories(workspace.peerLibraries(peer));
            Files.createFile(workspace.peerLibraries(peer).resolve("kafka.jar"));
        }
    }

    private Side kraft(Tuning tuning) {
        return new KraftSide(workspace, "127.1.2.3", tuning);
    }

    private static String files(ClusterPlan plan) {
        return plan.nodes().stream()
                .flatMap(node -> node.files().values().stream())
                .collect(Collectors.joining());
    }

    @Test
    void oneKraftBrokerIsItsOwnController() {
        ClusterPlan plan = kraft(Tuning.DISTRIBUTED).plan(ClusterShape.ONE_BROKER);

        assertThat(plan.nodes()).extracting(NodePlan::role).containsExactly(Role.BROKER);
        assertThat(files(plan)).contains("process.roles=broker,controller");
    }

    @Test
    void controllersStartBeforeBrokersAndAreVoters() {
        ClusterPlan plan =
                kraft(Tuning.DISTRIBUTED).plan(ClusterShape.THREE_BROKERS.withControllers(3));

        assertThat(plan.nodes())
                .extracting(NodePlan::name)
                .containsExactly(
                        "controller-100",
                        "controller-101",
                        "controller-102",
                        "broker-1",
                        "broker-2",
                        "broker-3");
        assertThat(files(plan))
                .contains(
                        "controller.quorum.voters=100@127.1.2.3:9492,101@127.1.2.3:9493,"
                                + "102@127.1.2.3:9494");
    }

    @Test
    void onlyTheTunedPeerHasLowerSessionTimeouts() {
        assertThat(files(kraft(Tuning.DISTRIBUTED).plan(ClusterShape.THREE_BROKERS)))
                .doesNotContain("broker.session.timeout.ms");
        assertThat(files(kraft(Tuning.TUNED).plan(ClusterShape.THREE_BROKERS)))
                .contains("broker.session.timeout.ms=2000");
    }

    @Test
    void everyZooKeeperSideHasOneServerAndTheSameBrokerSettings() {
        for (Side side :
                List.of(
                        new PenstockSide(workspace, "127.1.2.3"),
                        new KafkaZooKeeperSide(workspace, "127.1.2.3", Tuning.DISTRIBUTED))) {
            ClusterPlan plan = side.plan(ClusterShape.THREE_BROKERS);

            assertThat(plan.zooKeepers()).as(side.name()).hasSize(1);
            assertThat(plan.brokers()).hasSize(3);
            assertThat(plan.clientServers())
                    .isEqualTo("127.1.2.3:9193,127.1.2.3:9194,127.1.2.3:9195");
            assertThat(files(plan)).contains("min.insync.replicas=2");
        }
    }

    @Test
    void aSecuredClusterShowsItsPasswordsOnNoCommandLine() {
        for (Side side :
                List.of(new PenstockSide(workspace, "127.1.2.3"), kraft(Tuning.DISTRIBUTED))) {
            ClusterPlan plan = side.plan(ClusterShape.THREE_BROKERS.withTls());

            assertThat(plan.clientServers()).contains("127.1.2.3:9293");
            assertThat(files(plan)).contains("CLIENT:SASL_SSL").contains("INTERNAL:SSL");
            String password = plan.tls().brokerProperties().get("ssl.keystore.password");
            assertThat(plan.nodes())
                    .allSatisfy(node -> assertThat(node.command()).doesNotContain(password))
                    .allSatisfy(
                            node ->
                                    assertThat(node.environment().values())
                                            .doesNotContain(password));
        }
    }
}
