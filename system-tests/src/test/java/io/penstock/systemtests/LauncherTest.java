package io.penstock.systemtests;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The script's commands as other scripts use them. */
@Tag("system")
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private Installation installation;

    @BeforeAll
    void start() throws Exception {
        installation = Installation.running();
    }

    @Test
    void statusNamesTheProcessesThemselves() throws Exception {
        var status = installation.status();

        assertThat(names(status)).containsExactly("console_url", "api_url", "issuer", "components");
        assertThat(status.get("api_url").asText()).isEqualTo(installation.url());
        assertThat(status.get("console_url").asText()).isEqualTo(installation.url());
        assertThat(status.get("issuer").asText())
                .contains(":" + installation.port("PENSTOCK_KEYCLOAK_PORT") + "/realms/");
        assertThat(status.get("components"))
                .extracting(component -> component.get("name").asText())
                .containsExactly("postgresql", "keycloak", "control-plane");
        assertThat(status.get("components"))
                .allSatisfy(
                        component -> {
                            assertThat(names(component))
                                    .containsExactly("name", "state", "pid", "log");
                            assertThat(component.get("state").asText()).isEqualTo("running");
                            assertThat(Path.of(component.get("log").asText())).exists();
                        });
        assertThat(program("postgresql")).endsWith("bin/postgres");
        assertThat(program("keycloak")).endsWith("bin/java");
        assertThat(program("control-plane")).endsWith("bin/java");
    }

    @ParameterizedTest
    @CsvSource({"alice,acme,owner", "bob,acme,viewer", "carol,globex,owner", "dave,globex,viewer"})
    void tokensCarryTheTenantAndLastLongEnough(String user, String organization, String role)
            throws Exception {
        var output = installation.penstock(LIMIT, "token", user).orFail();
        assertThat(output.standard().lines()).hasSize(1);

        var claims = claims(output.standard().strip());
        assertThat(claims.get("organization").asText()).isEqualTo(organization);
        assertThat(claims.get("organization_role").asText()).isEqualTo(role);
        assertThat(claims.get("preferred_username").asText()).isEqualTo(user);
        assertThat(claims.get("aud").asText()).isEqualTo("penstock");
        assertThat(claims.get("azp").asText()).isEqualTo("penstock-cli");
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong())
                .isGreaterThanOrEqualTo(1800);
        var me = installation.as(user).get("/me").then().statusCode(200).extract();
        assertThat(me.<String>path("organization.name")).isEqualTo(organization);
        assertThat(me.<List<String>>path("projects.name")).containsExactly("default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void eachTenantHasAServiceAccount(String organization) throws Exception {
        var account = organization + "-automation";
        var issuer = installation.status().get("issuer").asText();
        String token =
                given().formParam("grant_type", "client_credentials")
                        .formParam("client_id", account)
                        .formParam(
                                "client_secret",
                                Files.readString(installation.home().resolve("secrets/" + account))
                                        .strip())
                        .post(issuer + "/protocol/openid-connect/token")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("access_token");

        var me = new Api(installation.url(), () -> token).get("/me").then().statusCode(200);

        me.body("username", equalTo("service-account-" + account))
                .body("organization.name", equalTo(organization))
                .body("projects.role", contains("operator"));
    }

    @Test
    void aSecondUpIsHarmlessAndSaysWhatToDoNext() throws Exception {
        var before = installation.status();

        var output = installation.penstock(LIMIT, "up").orFail();

        assertThat(installation.status()).isEqualTo(before);
        assertThat(output.standard())
                .contains(installation.url(), "alice", installation.demoPassword());
    }

    @Test
    void upReplacesAComponentThatDied() throws Exception {
        var before = installation.pid("keycloak");
        var database = installation.pid("postgresql");
        Processes.kill(before);

        installation.up();

        assertThat(installation.pid("keycloak")).isNotEqualTo(before);
        assertThat(installation.pid("postgresql")).isEqualTo(database);
        assertThat(installation.as("alice").get("/me").statusCode()).isEqualTo(200);
    }

    @Test
    void upFromAnotherCheckoutSaysWhatIsInItsWay(@TempDir Path folder) throws Exception {
        var other = copyOfCheckout(folder.resolve("checkout"));
        var ownHome = Map.of("PENSTOCK_HOME", folder.resolve("home").toString());

        var samePorts = installation.penstock(other, ownHome, LIMIT, "up");

        assertThat(samePorts.status()).isEqualTo(1);
        assertThat(samePorts.error())
                .contains("Port " + installation.port("PENSTOCK_POSTGRESQL_PORT"))
                .contains("postgresql", "./penstock down", "PENSTOCK_POSTGRESQL_PORT=");
        Processes.awaitNoneBearing(ownHome.get("PENSTOCK_HOME"));

        var before = installation.status();
        var sameHome = installation.penstock(other, Map.of(), LIMIT, "up");

        assertThat(sameHome.status()).isEqualTo(1);
        assertThat(sameHome.error())
                .contains(installation.home().toString())
                .contains("is in use by the checkout " + installation.checkout());
        assertThat(installation.status()).isEqualTo(before);
    }

    @Test
    void aBusyPortIsNamedWithItsHolder(@TempDir Path folder) throws Exception {
        try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var free = FreePorts.take(3);
            var output =
                    installation.penstock(
                            installation.checkout(),
                            Map.of(
                                    "PENSTOCK_HOME", folder.resolve("home").toString(),
                                    "PENSTOCK_POSTGRESQL_PORT", free.get(0),
                                    "PENSTOCK_KEYCLOAK_PORT", free.get(1),
                                    "PENSTOCK_ENROLMENT_PORT", free.get(2),
                                    "PENSTOCK_CONSOLE_PORT",
                                            Integer.toString(holder.getLocalPort())),
                            LIMIT,
                            "up");

            assertThat(output.status()).isEqualTo(1);
            assertThat(output.error())
                    .contains("Port " + holder.getLocalPort())
                    .contains("control-plane", Long.toString(ProcessHandle.current().pid()))
                    .contains("PENSTOCK_CONSOLE_PORT=");
        }
        Processes.awaitNoneBearing(folder.toString());
    }

    @Test
    void logsShowTheEndsOfTheComponentsLogs() throws Exception {
        var all = installation.penstock(LIMIT, "logs").orFail();
        assertThat(all.standard()).contains("postgresql", "keycloak", "control-plane");
        var one = installation.penstock(LIMIT, "logs", "control-plane").orFail();
        assertThat(one.standard())
                .contains("Installed features")
                .doesNotContain("database system is ready");
    }

    @Test
    void wrongUsageIsSaid() throws Exception {
        assertThat(installation.penstock(LIMIT, "nonsense").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "up", "now").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "down", "now").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "status", "--jsn").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "token", "alice", "bob").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "test", "nonsense").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "test", "--seed", "x").status()).isEqualTo(2);
        var token = installation.penstock(LIMIT, "token", "mallory");
        assertThat(token.status()).isEqualTo(1);
        assertThat(token.standard()).isEmpty();
        assertThat(token.error()).contains("mallory");
        var colon =
                installation.penstock(
                        installation.checkout(),
                        Map.of("PENSTOCK_HOME", "/tmp/a:b"),
                        LIMIT,
                        "status");
        assertThat(colon.status()).isEqualTo(1);
        assertThat(colon.error()).contains("/tmp/a:b", "colon");
        var broker = installation.penstock(LIMIT, "broker", "missing.properties");
        assertThat(broker.status()).isEqualTo(1);
        assertThat(broker.error()).contains("missing.properties");
    }

    /** The checkout with its build, times of files included, so that it counts as built. */
    private Path copyOfCheckout(Path target) throws IOException, InterruptedException {
        Files.createDirectory(target);
        var copy =
                """
                find . \\( -name node_modules -o -name .git -o -name .penstock -o -name system-tests \\) -prune \\
                    -o \\( -type f -o -type l \\) -print0 | xargs -0 cp --parents --preserve=all --no-dereference -t "$1"
                """;
        Commands.run(
                        LIMIT,
                        installation.checkout(),
                        Map.of(),
                        "",
                        List.of("bash", "-c", copy, "copy", target.toString()))
                .orFail();
        return target;
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private String program(String component) throws IOException, InterruptedException {
        var line = Processes.commandLine(installation.pid(component));
        return line.substring(0, line.indexOf(' '));
    }

    private static JsonNode claims(String token) throws IOException {
        var payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(payload));
    }
}
