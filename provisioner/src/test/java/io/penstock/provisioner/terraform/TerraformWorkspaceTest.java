package io.penstock.provisioner.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.penstock.provisioner.terraform.LocalInstallation.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

class TerraformWorkspaceTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static StateDatabase database;

    @TempDir Path folder;
    private LocalInstallation installation;
    private final List<TerraformEvent> events = new ArrayList<>();

    @BeforeAll
    static void startDatabase() throws IOException {
        database = new StateDatabase();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        database.close();
    }

    @BeforeEach
    void install() throws IOException {
        installation = new LocalInstallation(folder);
    }

    @AfterEach
    void sweep() throws IOException {
        installation.close();
    }

    @Test
    void aClusterIsMadeKeptReplacedAndRemoved() throws Exception {
        String cluster = "clu_whole";
        ClusterLayout layout = LocalInstallation.layout(cluster, 1, LocalInstallation.VERSION);
        Map<String, EnrolmentToken> tokens = LocalInstallation.tokens(layout);

        Map<String, PlatformNode> nodes =
                workspace(cluster).apply(LocalInstallation.input(layout, tokens), 1, events::add);

        assertThat(nodes).containsOnlyKeys("zookeeper-1", "broker-0", "broker-1");
        assertThat(nodes.get("broker-1").address()).isEqualTo("127.99.1.11");
        awaitNodes(cluster, 3);
        assertThat(summary())
                .isEqualTo(new TerraformEvent.Summary(6, 0, 0, "apply", summary().message()));
        assertThat(events)
                .filteredOn(event -> event instanceof TerraformEvent.DriverOutput)
                .extracting(event -> ((TerraformEvent.OfResource) event).node().orElseThrow())
                .contains("broker-0", "broker-1", "zookeeper-1");
        List<Long> running = installation.nodes(cluster);

        events.clear();
        workspace(cluster)
                .apply(
                        LocalInstallation.input(layout, LocalInstallation.tokens(layout)),
                        1,
                        events::add);
        assertThat(summary())
                .isEqualTo(new TerraformEvent.Summary(0, 0, 0, "apply", summary().message()));
        assertThat(installation.nodes(cluster)).isEqualTo(running);

        events.clear();
        ClusterLayout patched =
                LocalInstallation.layout(cluster, 1, LocalInstallation.NEXT_VERSION);
        workspace(cluster).apply(LocalInstallation.input(patched, tokens), 1, events::add);
        assertThat(summary())
                .isEqualTo(new TerraformEvent.Summary(3, 0, 3, "apply", summary().message()));
        awaitNodes(cluster, 3);
        assertThat(installation.nodes(cluster)).doesNotContainAnyElementsOf(running);
        Path starts =
                installation.nodeFolder(cluster, "broker-0").resolve("data").resolve("starts");
        await().atMost(LIMIT).until(() -> Files.readAllLines(starts).size() == 2);

        assertNothingSecretIn(cluster, tokens);

        events.clear();
        workspace(cluster).destroy(1, events::add);
        assertNothingIsLeftOf(cluster);
        workspace(cluster).destroy(1, events::add);
    }

    @Test
    void twoClustersAreMadeForTheFirstTimeAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<CompletableFuture<Map<String, PlatformNode>>> applies =
                    Stream.of("clu_left", "clu_right")
                            .map(
                                    cluster ->
                                            CompletableFuture.supplyAsync(
                                                    () -> applyOne(cluster), threads))
                            .toList();
            for (CompletableFuture<Map<String, PlatformNode>> apply : applies) {
                assertThat(apply.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).hasSize(3);
            }
        }
        for (String cluster : List.of("clu_left", "clu_right")) {
            awaitNodes(cluster, 3);
            workspace(cluster).destroy(1, events::add);
            assertNothingIsLeftOf(cluster);
        }
    }

    /** Moments of an apply, as they show from outside. */
    enum Moment {
        FOLDER_WRITTEN,
        STATE_INITIALIZED,
        FIRST_NODE_MADE,
        LAST_NODE_MADE
    }

    @ParameterizedTest
    @EnumSource
    void aKilledControlPlaneLeavesWhatTheNextOneCompletes(Moment moment) throws Exception {
        String cluster = "clu_killed" + moment.ordinal();
        ClusterLayout layout = LocalInstallation.layout(cluster, 4, LocalInstallation.VERSION);
        Process controlPlane =
                ApplyInAnotherJvm.start(
                        installation.home(),
                        database.url(),
                        cluster,
                        4,
                        folder.resolve("output").toFile());
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> hasCome(moment, cluster) || !controlPlane.isAlive());

        controlPlane.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(controlPlane.exitValue()).as("killed in the middle").isEqualTo(137);
        workspace(cluster)
                .apply(
                        LocalInstallation.input(layout, ApplyInAnotherJvm.tokens(layout)),
                        2,
                        events::add);

        awaitNodes(cluster, 3);
        assertThat(
                        installation.processes(cluster).stream()
                                .filter(process -> !process.supervisor()))
                .extracting(NodeProcess::folder)
                .doesNotHaveDuplicates();
        await().atMost(LIMIT).until(() -> installation.supervisors(cluster).size() == 3);
        awaitNoTerraform(cluster);

        workspace(cluster).destroy(2, events::add);
        assertNothingIsLeftOf(cluster);
    }

    @Test
    void nodesOfALostStateAreFoundByTheClustersId() throws Exception {
        String cluster = "clu_lost";
        ClusterLayout layout = LocalInstallation.layout(cluster, 5, LocalInstallation.VERSION);
        workspace(cluster)
                .apply(
                        LocalInstallation.input(layout, LocalInstallation.tokens(layout)),
                        1,
                        events::add);
        awaitNodes(cluster, 3);
        new StateSchema(database.url(), cluster).drop();

        workspace(cluster).destroy(2, events::add);

        assertNothingIsLeftOf(cluster);
    }

    @Test
    void anInterruptedApplyStopsTerraformAndCanBeRepeated() throws Exception {
        String cluster = "clu_interrupted";
        ClusterLayout layout = LocalInstallation.layout(cluster, 6, LocalInstallation.VERSION);
        PlatformInput input = LocalInstallation.input(layout, LocalInstallation.tokens(layout));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread applying =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        workspace(cluster)
                                                .apply(
                                                        input,
                                                        1,
                                                        event -> {
                                                            if (event
                                                                    instanceof
                                                                    TerraformEvent.Started) {
                                                                Thread.currentThread().interrupt();
                                                            }
                                                        });
                                    } catch (InterruptedException | TerraformFailedException e) {
                                        failure.set(e);
                                    }
                                });
        assertThat(applying.join(LIMIT)).isTrue();
        assertThat(failure.get()).isInstanceOf(InterruptedException.class);
        awaitNoTerraform(cluster);

        workspace(cluster).apply(input, 1, events::add);

        awaitNodes(cluster, 3);
        workspace(cluster).destroy(1, events::add);
        assertNothingIsLeftOf(cluster);
    }

    @Test
    void aSupersededControlPlaneIsRefused() throws Exception {
        String cluster = "clu_superseded";
        ClusterLayout layout = LocalInstallation.layout(cluster, 7, LocalInstallation.VERSION);
        PlatformInput input = LocalInstallation.input(layout, LocalInstallation.tokens(layout));
        workspace(cluster).apply(input, 5, events::add);

        assertThatThrownBy(() -> workspace(cluster).apply(input, 4, events::add))
                .isInstanceOf(TerraformFailedException.class)
                .hasMessageContaining("another control plane has taken over");

        workspace(cluster).destroy(5, events::add);
    }

    @Test
    void aFailureSaysWhatTheDriverSaid() throws Exception {
        String cluster = "clu_failing";
        ClusterLayout layout = LocalInstallation.layout(cluster, 8, LocalInstallation.VERSION);
        PlatformInput input = LocalInstallation.input(layout, LocalInstallation.tokens(layout));
        // A file where the cluster's folder should be.
        Files.createDirectories(installation.home().resolve("clusters"));
        Files.writeString(installation.clusterFolder(cluster), "in the way");

        assertThatThrownBy(() -> workspace(cluster).apply(input, 1, events::add))
                .isInstanceOf(TerraformFailedException.class)
                .hasMessageContaining("local-exec")
                .extracting(e -> ((TerraformFailedException) e).diagnostics().toString())
                .asString()
                .contains(installation.clusterFolder(cluster).toString());

        Files.delete(installation.clusterFolder(cluster));
        workspace(cluster).apply(input, 1, events::add);
        awaitNodes(cluster, 3);
        workspace(cluster).destroy(1, events::add);
        assertNothingIsLeftOf(cluster);
    }

    private boolean hasCome(Moment moment, String cluster) throws Exception {
        return switch (moment) {
            case FOLDER_WRITTEN ->
                    Files.exists(
                            installation
                                    .home()
                                    .resolve("terraform")
                                    .resolve(cluster)
                                    .resolve("main.tf.json"));
            case STATE_INITIALIZED -> new StateSchema(database.url(), cluster).hasState();
            case FIRST_NODE_MADE -> !installation.supervisors(cluster).isEmpty();
            case LAST_NODE_MADE -> installation.supervisors(cluster).size() == 3;
        };
    }

    private Map<String, PlatformNode> applyOne(String cluster) {
        int subnet = cluster.equals("clu_left") ? 2 : 3;
        ClusterLayout layout = LocalInstallation.layout(cluster, subnet, LocalInstallation.VERSION);
        try {
            return workspace(cluster)
                    .apply(
                            LocalInstallation.input(layout, LocalInstallation.tokens(layout)),
                            1,
                            event -> {});
        } catch (TerraformFailedException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TerraformWorkspace workspace(String cluster) {
        return new TerraformWorkspace(
                new TerraformSettings(
                        "terraform",
                        LocalInstallation.MODULES,
                        "local",
                        database.url(),
                        installation.home(),
                        Duration.ofMinutes(10)),
                cluster);
    }

    private TerraformEvent.Summary summary() {
        return events.stream()
                .filter(TerraformEvent.Summary.class::isInstance)
                .map(TerraformEvent.Summary.class::cast)
                .filter(summary -> summary.operation().equals("apply"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitNodes(String cluster, int count) {
        await().atMost(LIMIT).until(() -> installation.nodes(cluster).size() == count);
    }

    private void assertNothingSecretIn(String cluster, Map<String, EnrolmentToken> tokens)
            throws Exception {
        List<String> secrets =
                new ArrayList<>(tokens.values().stream().map(EnrolmentToken::value).toList());
        secrets.add(StateDatabase.PASSWORD);
        Path workspace = installation.home().resolve("terraform").resolve(cluster);
        // Files of a run that is just ending come and go.
        awaitNoTerraform(cluster);
        List<String> texts = new ArrayList<>();
        texts.add(database.state("tf_" + cluster));
        texts.add(events.toString());
        try (Stream<Path> files = Files.walk(workspace)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(texts).hasSizeGreaterThan(5);
        for (String secret : secrets) {
            assertThat(texts).noneMatch(text -> text.contains(secret));
        }
    }

    private void assertNothingIsLeftOf(String cluster) throws Exception {
        assertThat(installation.processes(cluster)).isEmpty();
        awaitNoTerraform(cluster);
        assertThat(installation.clusterFolder(cluster)).doesNotExist();
        assertThat(installation.home().resolve("terraform").resolve(cluster)).doesNotExist();
        assertThat(database.hasSchema("tf_" + cluster)).isFalse();
    }

    /**
     * A driver that Terraform let go of may take a moment to end; the cluster's lock is its until
     * then.
     */
    private void awaitNoTerraform(String cluster) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(terraformProcesses(cluster)).isEmpty());
    }

    /** Terraform, the runner or a driver: what works in the cluster's workspace. */
    private List<String> terraformProcesses(String cluster) throws IOException {
        Path workspace = installation.home().resolve("terraform").resolve(cluster);
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(
                            process -> {
                                try {
                                    return Files.readSymbolicLink(process.resolve("cwd"))
                                            .startsWith(workspace);
                                } catch (IOException e) {
                                    return false;
                                }
                            })
                    .map(Path::toString)
                    .toList();
        }
    }
}
