package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Api.Operation;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The control plane is killed again and again while it creates and deletes a cluster. The seed of
 * the run decides when.
 */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlPlaneLossTest {
    private static final List<String> VALUES =
            IntStream.range(0, 200).mapToObj(i -> "kept " + i).toList();
    private static final String NAME = "killed";

    private static final int BROKERS = 3;
    private static final int ZOOKEEPER_NODES = 3;

    /** From at once to the canary. */
    private static final int LATEST_IN_CREATE_MILLIS = 12_000;

    private static final int LATEST_IN_DELETE_MILLIS = 2_500;

    private final Random random = new Random(Long.getLong("penstock.seed", 1));
    private Installation installation;
    private Api alice;

    @BeforeAll
    void start() throws Exception {
        installation = Installation.running();
        alice = installation.as("alice");
    }

    @Test
    void whatItHadBegunIsFinishedOnceAndWithoutOrphans() throws Exception {
        var creation = alice.create(NAME, BROKERS);
        var cluster = creation.clusterId();
        killRepeatedly(creation, 3, LATEST_IN_CREATE_MILLIS);

        alice.awaitSuccess(creation);
        assertThat(alice.state(cluster)).isEqualTo("ACTIVE");
        assertThat(alice.clusterNames()).containsOnlyOnce(NAME);
        assertThat(alice.operations(cluster)).containsExactly(creation.id());
        assertEveryNodeRunsOnce(cluster, BROKERS + ZOOKEEPER_NODES);
        assertThat(installation.terraformSchemas()).containsOnlyOnce("tf_" + cluster);
        assertItServes(cluster);

        var deletion = alice.delete(cluster);
        killRepeatedly(deletion, 2, LATEST_IN_DELETE_MILLIS);

        alice.awaitSuccess(deletion);
        assertThat(alice.get(Api.CLUSTERS + "/" + cluster).statusCode()).isEqualTo(404);
        assertThat(alice.clusterNames()).doesNotContain(NAME);
        Processes.awaitNoneBearing(cluster);
        assertThat(installation.clusterFolder(cluster)).doesNotExist();
        assertThat(installation.terraformFolder(cluster)).doesNotExist();
        assertThat(installation.terraformSchemas()).doesNotContain("tf_" + cluster);
    }

    /** Each time after another while of the operation's running, and never after its end. */
    private void killRepeatedly(Operation operation, int times, int latestMillis) throws Exception {
        for (var time = 1; time <= times; time++) {
            var delay = random.nextInt(latestMillis);
            if (endsWithin(operation, delay)) {
                System.out.printf("%s ended before its kill %d%n", operation.id(), time);
                return;
            }
            var pid = installation.pid("control-plane");
            Processes.kill(pid);
            System.out.printf(
                    "%s: control plane killed %d ms after it was up%n", operation.id(), delay);
            Processes.awaitEnd(pid);
            installation.up();
        }
    }

    private boolean endsWithin(Operation operation, int milliseconds) {
        var end = System.nanoTime() + milliseconds * 1_000_000L;
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> System.nanoTime() - end >= 0 || alice.hasEnded(operation));
        return System.nanoTime() - end < 0;
    }

    private void assertEveryNodeRunsOnce(String cluster, int count) throws Exception {
        var nodes = LocalNode.of(installation, cluster);
        var processes = new HashSet<Long>();
        for (var node : nodes) {
            processes.add(node.process().orElseThrow());
        }
        assertThat(nodes).hasSize(count);
        assertThat(processes).hasSize(count);
        assertThat(running(cluster)).containsExactlyInAnyOrderElementsOf(processes);
        assertThat(alice.addresses(cluster)).hasSize(count).doesNotHaveDuplicates();
    }

    /** Nodes' own processes, and not what a supervisor runs to look for one. */
    private static List<Long> running(String cluster) {
        return Processes.bearing(cluster).stream()
                .filter(pid -> Processes.commandLine(pid).contains("/java "))
                .filter(
                        pid ->
                                Processes.commandLine(pid)
                                        .contains("io.penstock.broker.app.NodeMain"))
                .toList();
    }

    private void assertItServes(String cluster) throws Exception {
        alice.createTopic(cluster, "after-kill", 3);
        var application = Clients.ofNewPrincipal(alice, cluster, "app", "admin", "");
        application.produce("after-kill", VALUES);
        assertThat(application.consume("after-kill", "after-kill", VALUES.size()))
                .containsExactlyInAnyOrderElementsOf(VALUES);
    }
}
