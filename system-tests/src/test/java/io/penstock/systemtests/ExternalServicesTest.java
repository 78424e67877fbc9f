package io.penstock.systemtests;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An installation on a PostgreSQL and an issuer that are not its own, set up word for word as the
 * documentation says.
 */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalServicesTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @TempDir private static Path folder;
    private EmbeddedPostgres postgresql;
    private ForeignRealm realm;
    private Installation installation;
    private Api erin;

    @BeforeAll
    void startAsDocumented() throws Exception {
        installation = Installation.another("external-installation");
        realm = ForeignRealm.in(Installation.running(), installation.url());
        postgresql =
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("data"))
                        .setPGStartupWait(LIMIT)
                        .setPort(Integer.parseInt(FreePorts.take(1).getFirst()))
                        .start();
        prepareDatabases();
        installation.shell(LIMIT, Map.of(), variablesAndUp()).orFail();
        erin = new Api(installation.url(), realm::token);
    }

    @AfterAll
    void stop() throws Exception {
        if (installation != null) {
            installation.reset();
        }
        if (realm != null) {
            realm.delete();
        }
        if (postgresql != null) {
            postgresql.close();
        }
    }

    @Test
    void onlyTheControlPlaneRunsHereAlsoToCommandsWithoutTheVariables() throws Exception {
        var status = installation.status();

        assertThat(status.get("components"))
                .extracting(component -> component.get("name").asText())
                .containsExactly("control-plane");
        assertThat(status.get("components").get(0).get("state").asText()).isEqualTo("running");
        assertThat(status.get("issuer").asText()).isEqualTo(realm.issuer());
        assertThat(installation.home().resolve("postgresql")).doesNotExist();
        assertThat(installation.home().resolve("keycloak")).doesNotExist();
        var forgotten = installation.penstock(LIMIT, "up");
        assertThat(forgotten.status()).isEqualTo(1);
        assertThat(forgotten.error()).contains("PENSTOCK_DATABASE_OWNER_PASSWORD");
    }

    @Test
    void theConsoleSendsToTheIssuerAndOtherIssuersTokensAreRefused() throws Exception {
        given().baseUri(installation.url())
                .redirects()
                .follow(false)
                .get("/login")
                .then()
                .statusCode(302)
                .header("Location", startsWith(realm.issuer()));
        var alice = Installation.running().as("alice");
        var stranger = new Api(installation.url(), alice::token);

        assertThat(stranger.get("/me").statusCode()).isEqualTo(401);
    }

    @Test
    void aUserOfTheIssuerGetsAClusterThatServes() throws Exception {
        var me = erin.get("/me").then().statusCode(200).extract();
        assertThat(me.<String>path("username")).isEqualTo(ForeignRealm.USER);
        assertThat(me.<String>path("organization.name")).isEqualTo(ForeignRealm.ORGANIZATION);
        assertThat(erin.clusterNames()).isEmpty();

        var creation = erin.create("abroad", 1);
        erin.awaitSuccess(creation);

        var cluster = creation.clusterId();
        assertThat(erin.clusterNames()).containsExactly("abroad");
        assertThat(schemasOfTerraform()).containsExactly("tf_" + cluster);
        erin.createTopic(cluster, "events", 1);
        var application = Clients.ofNewPrincipal(erin, cluster, "app", "admin", "");
        application.produce("events", List.of("from abroad"));
        assertThat(application.consume("events", "readers", 1)).containsExactly("from abroad");

        erin.awaitSuccess(erin.delete(cluster));
        assertThat(schemasOfTerraform()).isEmpty();
    }

    private void prepareDatabases() throws IOException, SQLException {
        try (var connection = postgresql.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            for (var sql : block("sql").split(";")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private String variablesAndUp() throws IOException {
        return block("sh")
                .replace("db.example:5432", "127.0.0.1:" + postgresql.getPort())
                .replace("verify-full", "disable")
                .replace("https://issuer.example/realms/company", realm.issuer())
                .replace("change-me-console", realm.clientSecret());
    }

    private List<String> schemasOfTerraform() throws SQLException {
        return installation.terraformSchemas(
                "jdbc:postgresql://127.0.0.1:%d/penstock_terraform".formatted(postgresql.getPort()),
                "change-me-terraform");
    }

    private static String block(String language) throws IOException {
        var page = Files.readString(Path.of("..", "docs", "external-services.md"));
        var blocks = Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(page);
        assertThat(blocks.find()).as(language).isTrue();
        return blocks.group(1);
    }
}
