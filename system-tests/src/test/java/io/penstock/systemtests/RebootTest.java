package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A machine that goes down without a word and comes back: every process is killed at once, and the
 * pids that were written down belong to others by the time of the next {@code up}.
 */
@Tag("system")
class RebootTest {
    private static final List<String> VALUES =
            IntStream.range(0, 1000).mapToObj(i -> "acknowledged " + i).toList();

    @Test
    void theNextUpBringsEverythingBack() throws Exception {
        var cluster = SharedCluster.get();
        var installation = cluster.installation();
        var alice = cluster.alice();
        var application = cluster.application();
        alice.createTopic(cluster.id(), "app-reboot", 6);
        application.produce("app-reboot", VALUES);
        assertThat(application.consume("app-reboot", "app-reboot", VALUES.size()))
                .hasSameSizeAs(VALUES);
        application.produce("app-reboot", List.of("the last one"));
        var addresses = alice.addresses(cluster.id());
        var names = alice.clusterNames();

        killEverything(installation);
        recordedPids(installation).forEach(RebootTest::giveToAnother);
        installation.up();

        assertThat(alice.clusterNames()).isEqualTo(names);
        assertThat(alice.endpoints(cluster.id())).isEqualTo(cluster.endpoints());
        assertThat(alice.addresses(cluster.id())).isEqualTo(addresses);
        application.awaitAccepted();
        assertThat(application.consume("app-reboot", "app-reboot", 1))
                .as("the group goes on where it was")
                .containsExactly("the last one");
        assertThat(application.consume("app-reboot", "app-reboot-anew", VALUES.size() + 1))
                .containsAll(VALUES)
                .contains("the last one");
        application.produce("app-reboot", List.of("after the reboot"));
        cluster.awaitHealth();
        for (var node : LocalNode.of(installation, cluster.id())) {
            assertThat(node.supervisor()).as(node.folder().toString()).isPresent();
            assertThat(node.process()).as(node.folder().toString()).isPresent();
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    /** Supervisors first, which would start a node again. */
    private static void killEverything(Installation installation) throws Exception {
        var everything = installation.home() + "/";
        var pids = new ArrayList<Long>();
        for (var node : LocalNode.all(installation)) {
            node.supervisor().ifPresent(pids::add);
        }
        for (var name : List.of("control-plane", "keycloak", "postgresql")) {
            pids.add(installation.pid(name));
        }
        Processes.bearing(everything).stream()
                .filter(pid -> !pids.contains(pid))
                .forEach(pids::add);
        assertThat(pids).doesNotContain(ProcessHandle.current().pid());

        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

        Processes.awaitNoneBearing(everything);
    }

    private static List<Path> recordedPids(Installation installation) throws IOException {
        var files = new ArrayList<Path>();
        for (var name : List.of("control-plane", "keycloak", "postgresql")) {
            files.add(installation.home().resolve(name).resolve("pid"));
        }
        for (var node : LocalNode.all(installation)) {
            files.add(node.folder().resolve("supervisor.pid"));
            files.add(node.folder().resolve("node.pid"));
        }
        assertThat(files).hasSizeGreaterThan(12).allSatisfy(file -> assertThat(file).exists());
        return files;
    }

    /** This JVM has nothing of the installation on its command line. */
    private static void giveToAnother(Path pidFile) {
        try {
            Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            throw new AssertionError("Cannot write " + pidFile, e);
        }
    }
}
