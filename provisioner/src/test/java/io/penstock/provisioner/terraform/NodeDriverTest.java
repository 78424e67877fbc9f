package io.penstock.provisioner.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.provisioner.terraform.LocalInstallation.DriverResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class NodeDriverTest {
    private static final String CLUSTER = "clu_driver";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir Path folder;
    private LocalInstallation installation;
    private Path node;

    @BeforeEach
    void install() throws IOException {
        installation = new LocalInstallation(folder);
        node = installation.nodeFolder(CLUSTER, "broker-0");
    }

    @AfterEach
    void sweep() throws IOException {
        installation.close();
    }

    @Test
    void creatingTwiceLeavesTheRunningNodeAlone() throws Exception {
        assertThat(create(1, "first")).returns(0, DriverResult::status);
        awaitNode();
        List<Long> nodes = installation.nodes(CLUSTER);
        List<Long> supervisors = installation.supervisors(CLUSTER);

        assertThat(create(1, "second")).returns(0, DriverResult::status);

        assertThat(installation.nodes(CLUSTER)).isEqualTo(nodes).hasSize(1);
        assertThat(installation.supervisors(CLUSTER)).isEqualTo(supervisors).hasSize(1);
        assertThat(Files.readString(node.resolve("node.json"))).contains("\"token\":\"second\"");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(node.resolve("node.json"))))
                .isEqualTo("rw-------");
        assertThat(pid("supervisor.pid")).isEqualTo(supervisors.getFirst());
        assertThat(pid("node.pid")).isEqualTo(nodes.getFirst());
    }

    @Test
    void destroyingTwiceLeavesNothingButTheVolume() throws Exception {
        create(1, "token");
        awaitNode();

        assertThat(driver("destroy")).returns(0, DriverResult::status);
        assertThat(driver("destroy")).returns(0, DriverResult::status);

        assertThat(installation.processes(CLUSTER)).isEmpty();
        assertThat(node).isDirectoryContaining("glob:**/data");
        assertThat(node.toFile().list()).containsExactly("data");
        assertThat(node.resolve("data").resolve("starts")).exists();

        assertThat(driver("destroy-volume")).returns(0, DriverResult::status);
        assertThat(driver("destroy-volume")).returns(0, DriverResult::status);
        assertThat(node).doesNotExist();
    }

    @Test
    void aKilledNodeIsStartedAgain() throws Exception {
        create(1, "token");
        awaitNode();
        long killed = installation.nodes(CLUSTER).getFirst();

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(LIMIT).until(() -> starts().size() == 2 && nodeIsNoted());
        assertThat(installation.nodes(CLUSTER)).doesNotContain(killed);
        assertThat(driver("exists")).returns(0, DriverResult::status);
    }

    @Test
    void aNodeThatOutlivedItsSupervisorIsAdopted() throws Exception {
        create(1, "token");
        awaitNode();
        List<Long> nodes = installation.nodes(CLUSTER);
        ProcessHandle supervisor =
                ProcessHandle.of(installation.supervisors(CLUSTER).getFirst()).orElseThrow();
        supervisor.destroyForcibly();
        supervisor.onExit().get(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        // A child that the supervisor was just starting has its lock for a moment longer.
        await().atMost(LIMIT).until(() -> driver("exists").status() == 1);

        assertThat(create(1, "token")).returns(0, DriverResult::status);

        assertThat(installation.nodes(CLUSTER)).isEqualTo(nodes);
        assertThat(driver("exists")).returns(0, DriverResult::status);
        assertThat(driver("destroy")).returns(0, DriverResult::status);
        assertThat(installation.processes(CLUSTER)).isEmpty();
    }

    @Test
    void aNewIncarnationReplacesTheNodeAndKeepsItsVolume() throws Exception {
        create(1, "token");
        awaitNode();
        List<Long> nodes = installation.nodes(CLUSTER);
        Files.createDirectories(node.resolve("identity"));

        create(2, "token");

        await().atMost(LIMIT).until(() -> starts().size() == 2 && nodeIsNoted());
        assertThat(installation.nodes(CLUSTER)).doesNotContainAnyElementsOf(nodes);
        assertThat(node.resolve("identity")).doesNotExist();
    }

    @Test
    void aSupervisorWhoseNodeIsToStopEndsWithIt() throws Exception {
        create(1, "token");
        awaitNode();

        Path userData = node.resolve("node.json");
        Files.writeString(userData, Files.readString(userData).replace("running", "stopped"));

        await().atMost(LIMIT).until(() -> installation.processes(CLUSTER).isEmpty());
        assertThat(node.resolve("supervisor.pid")).doesNotExist();
    }

    @Test
    void aTerminatedSupervisorTakesItsNodeAlong() throws Exception {
        create(1, "token");
        awaitNode();

        ProcessHandle.of(pid("supervisor.pid")).orElseThrow().destroy();

        await().atMost(LIMIT).until(() -> installation.processes(CLUSTER).isEmpty());
        assertThat(Files.readString(node.resolve("node.json"))).contains("\"desired\":\"running\"");
    }

    @Test
    void anOlderEpochIsRefused() throws Exception {
        assertThat(create(1, "token", Map.of("PENSTOCK_EPOCH", "7")))
                .returns(0, DriverResult::status);
        awaitNode();

        DriverResult refused =
                installation.driver(Map.of("PENSTOCK_EPOCH", "6"), "destroy", node.toString());

        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("epoch 7 has taken over");
        assertThat(installation.nodes(CLUSTER)).hasSize(1);
    }

    @Test
    void aSweepEndsNodesThatNobodyRemembersAndSparesStrangers() throws Exception {
        create(1, "token");
        awaitNode();
        Process stranger =
                new ProcessBuilder("bash", "-c", "read -r _", node.toString())
                        .directory(node.toFile())
                        .start();
        try {
            Files.delete(node.resolve("node.pid"));
            Files.delete(node.resolve("supervisor.pid"));

            Path cluster = installation.clusterFolder(CLUSTER);
            assertThat(installation.driver(Map.of(), "sweep", cluster.toString()))
                    .returns(0, DriverResult::status);

            assertThat(installation.processes(CLUSTER)).isEmpty();
            assertThat(cluster).doesNotExist();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private DriverResult create(int incarnation, String token) throws Exception {
        return create(incarnation, token, Map.of());
    }

    private DriverResult create(int incarnation, String token, Map<String, String> more)
            throws Exception {
        String userData =
                """
                {"address":"127.99.0.1","cluster_id":"%s","desired":"running","enrol_ca_sha256":"ab","enrol_url":"https://127.0.0.1:1/","image_version":"%s","incarnation":%d,"memory_mib":64,"node_id":0,"node_name":"broker-0","role":"broker","token":"%s"}\
                """
                        .formatted(CLUSTER, LocalInstallation.VERSION, incarnation, token);
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.put("PENSTOCK_USER_DATA", userData);
        return installation.driver(environment, "create", node.toString());
    }

    private DriverResult driver(String action) throws Exception {
        return installation.driver(Map.of(), action, node.toString());
    }

    private void awaitNode() {
        await().atMost(LIMIT).until(() -> !starts().isEmpty() && nodeIsNoted());
    }

    /** The one node runs, and its supervisor has written down which process it is. */
    private boolean nodeIsNoted() throws IOException {
        List<Long> nodes = installation.nodes(CLUSTER);
        return nodes.size() == 1
                && Files.exists(node.resolve("node.pid"))
                && pid("node.pid") == nodes.getFirst();
    }

    private List<String> starts() throws IOException {
        Path starts = node.resolve("data").resolve("starts");
        return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
    }

    private long pid(String file) throws IOException {
        return Long.parseLong(Files.readString(node.resolve(file)).strip());
    }
}
