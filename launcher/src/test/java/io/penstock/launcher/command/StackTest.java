package io.penstock.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.nodes.LocalNodes;
import io.penstock.launcher.process.ProcessTable;
import io.penstock.launcher.process.Signals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Real PostgreSQL and real processes; the control plane, the nodes and the issuer are stand-ins.
 */
class StackTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir Path folder;
    private FakeCheckout checkout;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void makeCheckout() throws Exception {
        checkout = FakeCheckout.in(folder);
    }

    @AfterEach
    void stopEverything() throws Exception {
        down();
    }

    @Test
    void upStartsWhatIsMissingAndLeavesTheRestAlone() throws Exception {
        var node = checkout.writeNode("clu_1", "broker-0", "running");
        var stopped = checkout.writeNode("clu_1", "broker-1", "stopped");

        up();
        var first = pids();
        up();

        assertThat(pids()).isEqualTo(first);
        assertThat(status().get("components"))
                .extracting(c -> c.get("state").asText())
                .containsOnly("running");
        assertThat(new LocalNodes.Node(node, true).supervisor()).isPresent();
        assertThat(stopped.resolve("supervisor.pid")).doesNotExist();

        Signals.send(component("postgresql").get("pid").asLong(), "KILL");
        await().atMost(LIMIT).until(() -> component("postgresql").get("pid").isNull());
        up();
        assertThat(component("postgresql").get("state").asText()).isEqualTo("running");
        assertThat(component("control-plane").get("pid").asLong()).isEqualTo(first.get(1).asLong());
    }

    @Test
    void downStopsEverythingAndTheNextUpFindsTheData() throws Exception {
        var node = checkout.writeNode("clu_1", "broker-0", "running");
        up();
        sql("penstock_owner", "create table kept (value int)");

        down();
        assertThat(status().get("components"))
                .allSatisfy(c -> assertThat(c.get("pid").isNull()).isTrue());
        // What an ended process had started may end a moment after it.
        await().atMost(LIMIT)
                .until(
                        () ->
                                ProcessTable.matching(
                                        line -> line.contains(checkout.home().toString())),
                        List::isEmpty);

        up();
        sql("penstock_owner", "insert into kept values (1)");
        assertThat(new LocalNodes.Node(node, true).supervisor()).isPresent();
    }

    @Test
    void nobodyGetsIntoTheDatabaseWithoutAPasswordOrBeyondHisRights() throws Exception {
        up();

        assertThatThrownBy(
                        () -> DriverManager.getConnection(url("postgres"), "postgres", "").close())
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> sql("keycloak", "select 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database");
        assertThatThrownBy(() -> sql("penstock_app", "create table forbidden (value int)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        sql("penstock_engine", "select 1");
        assertThat(ProcessTable.matching(line -> line.contains(password("penstock_owner"))))
                .isEmpty();
    }

    @Test
    void aNewBuildReplacesTheControlPlaneAndTheImage() throws Exception {
        up();
        var before = component("control-plane").get("pid").asLong();
        var image = checkout.home().resolve("images/0.1.0").toRealPath();

        checkout.writeControlPlane("second");
        checkout.writeBroker("second");
        up();

        assertThat(component("control-plane").get("pid").asLong()).isNotEqualTo(before);
        assertThat(checkout.home().resolve("images/0.1.0/lib/broker.jar")).hasContent("second");
        assertThat(image).doesNotExist();
    }

    @Test
    void aControlPlaneThatEndsIsReportedWithTheEndOfItsLog() throws Exception {
        useExternalDatabase();
        checkout.writeControlPlane("first");
        Files.writeString(
                checkout.root().resolve("control-plane/target/quarkus-app/quarkus-run.jar"),
                "not a jar");

        assertThatThrownBy(this::up)
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("control-plane ended")
                .extracting(failure -> ((LaunchFailure) failure).advice())
                .asString()
                .contains("Invalid or corrupt jarfile");
        assertThat(checkout.home().resolve("postgresql")).doesNotExist();
    }

    @Test
    void anExternalDatabaseIsNotStartedAndItsPasswordsAreAskedForEachTime() throws Exception {
        useExternalDatabase();
        up();
        assertThat(status().get("components"))
                .extracting(c -> c.get("name").asText())
                .containsExactly("control-plane");

        checkout.variables().keySet().removeIf(name -> name.contains("DATABASE"));
        assertThat(status().get("components")).hasSize(1);
        assertThatThrownBy(this::up)
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("uses an external PostgreSQL and issuer")
                .hasMessageContaining("PENSTOCK_DATABASE_OWNER_PASSWORD")
                .hasMessageContaining("PENSTOCK_TERRAFORM_DATABASE_URL");
        assertThat(checkout.home().resolve("postgresql")).doesNotExist();
    }

    private void useExternalDatabase() {
        var variables = checkout.variables();
        variables.put("PENSTOCK_DATABASE_URL", "jdbc:postgresql://db.example/penstock");
        for (var role : List.of("OWNER", "APP", "ENGINE")) {
            variables.put("PENSTOCK_DATABASE_" + role, role);
            variables.put("PENSTOCK_DATABASE_" + role + "_PASSWORD", "secret");
        }
        variables.put("PENSTOCK_TERRAFORM_DATABASE_URL", "postgres://user:secret@db.example/state");
    }

    @Test
    void aTakenPortStopsUpBeforeAnythingIsStarted() throws Exception {
        var port = Integer.parseInt(checkout.variables().get("PENSTOCK_CONSOLE_PORT"));
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
            assertThatThrownBy(this::up)
                    .isInstanceOf(LaunchFailure.class)
                    .hasMessageContaining("Port " + port);
        }
        assertThat(checkout.home().resolve("postgresql")).doesNotExist();
    }

    @Test
    void aRunningControlPlaneIsNotStoppedForAPortThatIsTaken() throws Exception {
        useExternalDatabase();
        up();
        var before = component("control-plane").get("pid").asLong();
        var own = checkout.variables().get("PENSTOCK_CONSOLE_PORT");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var taken = Integer.toString(socket.getLocalPort());
            checkout.variables().put("PENSTOCK_CONSOLE_PORT", taken);
            assertThatThrownBy(this::up)
                    .isInstanceOf(LaunchFailure.class)
                    .hasMessageContaining("Port " + taken);
        }
        checkout.variables().put("PENSTOCK_CONSOLE_PORT", own);

        assertThat(component("control-plane").get("pid").asLong()).isEqualTo(before);
    }

    @Test
    void onePortGivenTwiceIsSaid() {
        var console = checkout.variables().get("PENSTOCK_CONSOLE_PORT");
        checkout.variables().put("PENSTOCK_ENROLMENT_PORT", console);

        assertThatThrownBy(this::up)
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("PENSTOCK_CONSOLE_PORT and PENSTOCK_ENROLMENT_PORT")
                .hasMessageContaining(console);
    }

    @Test
    void aNodesBrokenDescriptionHidesNothingElse() throws Exception {
        useExternalDatabase();
        var broken = checkout.writeNode("clu_1", "broker-0", "running");
        var sound = checkout.writeNode("clu_1", "broker-1", "running");
        Files.writeString(broken.resolve("node.json"), "{\"desired\": \"runn");
        Files.createDirectories(checkout.home().resolve("clusters/clu_2/half-removed"));

        up();

        assertThat(new LocalNodes.Node(sound, true).supervisor()).isPresent();
        new Status(checkout.installation(), stream()).print();
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("clu_1/broker-0", "clu_1/broker-1")
                .doesNotContain("half-removed");
    }

    @Test
    void downLeavesAFolderOfSomebodyElseAlone() throws Exception {
        Files.createDirectories(checkout.home().resolve("thesis"));

        down();

        assertThat(output.toString(StandardCharsets.UTF_8)).contains("was not made by Penstock");
        assertThat(checkout.home()).isDirectoryNotContaining("glob:**lock");
    }

    @Test
    void aStateFolderInUseByAnotherCheckoutIsRefused() throws Exception {
        up();
        var other =
                new FakeCheckout(folder.resolve("other"), checkout.home(), checkout.variables());

        assertThatThrownBy(() -> new Up(other.installation(), stream()).run())
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("in use by the checkout " + checkout.root());
    }

    @Test
    void aPidFileThatNamesAnotherProgramCountsAsStopped() throws Exception {
        Files.createDirectories(checkout.home().resolve("control-plane"));
        Files.writeString(
                checkout.home().resolve("control-plane/pid"),
                Long.toString(ProcessHandle.current().pid()));

        assertThat(component("control-plane").get("state").asText()).isEqualTo("stopped");
        down();
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void resetDeletesItsOwnStateAndNothingElse() throws Exception {
        up();
        var foreign = Files.writeString(checkout.home().resolve("notes.txt"), "mine");

        reset();
        assertThat(checkout.home()).isDirectoryNotContaining(file -> !file.equals(foreign));

        assertThatThrownBy(this::reset)
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("was not made by");
        assertThat(foreign).hasContent("mine");
    }

    private void up() throws Exception {
        new Up(checkout.installation(), stream()).run();
    }

    private void down() throws Exception {
        new Down(checkout.installation(), stream()).run();
    }

    private void reset() throws Exception {
        new Reset(checkout.installation(), stream()).run();
    }

    private JsonNode status() throws Exception {
        var json = new ByteArrayOutputStream();
        new Status(checkout.installation(), new PrintStream(json, true, StandardCharsets.UTF_8))
                .printJson();
        return new ObjectMapper().readTree(json.toByteArray());
    }

    private JsonNode component(String name) throws Exception {
        for (var component : status().get("components")) {
            if (component.get("name").asText().equals(name)) {
                return component;
            }
        }
        throw new AssertionError("There is no component " + name);
    }

    private List<JsonNode> pids() throws Exception {
        return status().get("components").findValues("pid");
    }

    private void sql(String role, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(url("penstock"), role, password(role));
                var execution = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) LIMIT.toMillis());
            execution.execute(statement);
        }
    }

    private String password(String role) {
        return checkout.installation().secrets().password("database-" + role);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:"
                + checkout.variables().get("PENSTOCK_POSTGRESQL_PORT")
                + "/"
                + database;
    }

    private PrintStream stream() {
        return new PrintStream(output, true, StandardCharsets.UTF_8);
    }
}
