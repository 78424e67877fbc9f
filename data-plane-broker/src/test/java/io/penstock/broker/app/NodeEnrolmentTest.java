package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A node and the enrolment port that it is told of. */
class NodeEnrolmentTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path home;
    private final TestAuthority cluster = new TestAuthority("cluster");
    private EnrolmentServer controlPlane;
    private NodeFolder folder;

    @BeforeEach
    void start() throws IOException {
        controlPlane = new EnrolmentServer(cluster);
        folder = new NodeFolder(home.resolve("broker-0"));
        controlPlane.expect(
                "broker-0",
                Map.of("log.dirs", "${data}/logs", "key", "${identity}/keystore.pem", "odd", " a"));
        controlPlane.describe(folder.root(), "broker-0", 0, "broker");
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    @Test
    void anEnrolledNodeHasItsIdentityAndItsProperties() throws Exception {
        enrol();

        assertThat(folder.isEnrolled()).isTrue();
        assertThat(folder.readProperties())
                .containsEntry("log.dirs", folder.data() + "/logs")
                .containsEntry("key", folder.identity() + "/keystore.pem")
                .containsEntry("odd", " a");
        assertThat(Files.readString(folder.authority())).isEqualTo(cluster.certificatePem());
        assertThat(Files.readString(folder.keyStore()))
                .contains("BEGIN PRIVATE KEY", "BEGIN CERTIFICATE");
        for (Path secret : new Path[] {folder.key(), folder.keyStore(), folder.properties()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .as("%s", secret)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotToldTheToken() throws Exception {
        String other = new TestAuthority("other").fingerprint();
        controlPlane.describe(folder.root(), "broker-0", 0, "broker", other);
        FutureTask<Void> enrolment =
                new FutureTask<>(
                        () -> {
                            enrol();
                            return null;
                        });
        Thread running = Thread.ofPlatform().daemon().name("enrolment").start(enrolment);

        await().atMost(LIMIT).until(() -> controlPlane.connections() >= 3);

        assertThat(controlPlane.keysSeen()).isEmpty();
        assertThat(enrolment).isNotDone();
        assertThat(folder.isEnrolled()).isFalse();
        running.interrupt();
        assertThat(running.join(LIMIT)).as("who stops its owner stops it").isTrue();
        assertThatThrownBy(enrolment::get).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aRefusalEndsTheNode() {
        controlPlane.refuseNext(403);

        assertThatThrownBy(this::enrol)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("403")
                .hasMessageContaining("Replace the node");
        assertThat(folder.isEnrolled()).isFalse();
    }

    @Test
    void aBusyControlPlaneIsAskedAgainWithTheSameKey() throws Exception {
        controlPlane.refuseNext(503, 500, 429);

        enrol();

        assertThat(controlPlane.keysSeen()).hasSize(4);
        assertThat(new HashSet<>(controlPlane.keysSeen())).hasSize(1);
    }

    @Test
    void aNodeThatEndedBeforeItsAnswerGetsItWithTheSameKeyLater() throws Exception {
        enrol();
        Files.delete(folder.properties());
        Files.delete(folder.keyStore());

        enrol();

        assertThat(folder.isEnrolled()).isTrue();
        assertThat(new HashSet<>(controlPlane.keysSeen())).hasSize(1);
    }

    @Test
    void aTokenIsWorthNothingWithAnotherKey() throws Exception {
        enrol();
        NodeFolder thief = new NodeFolder(home.resolve("thief"));
        controlPlane.describe(thief.root(), "broker-0", 0, "broker");

        assertThatThrownBy(
                        () ->
                                new NodeEnrolment(
                                                thief,
                                                NodeDescription.read(thief.description()),
                                                Duration.ofMillis(5),
                                                Duration.ofMillis(20))
                                        .run())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("403");
    }

    @Test
    void aProcessThatIsRefusedEndsWithStatusOne() throws Exception {
        controlPlane.refuseNext(403);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "io.penstock.broker.app.NodeMain",
                                folder.root().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("node.log").toFile())
                        .start();

        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(home.resolve("node.log")))
                .contains("penstock: the control plane refuses this node")
                .doesNotContain("\"token\"");
    }

    private void enrol() throws InterruptedException {
        enrolment().run();
    }

    private NodeEnrolment enrolment() {
        return new NodeEnrolment(
                folder,
                NodeDescription.read(folder.description()),
                Duration.ofMillis(5),
                Duration.ofMillis(20));
    }
}
