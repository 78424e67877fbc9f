package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;

/** The script's commands as other scripts use them. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private Installation installation;

    @BeforeAll
    void start() throws Exception {
        installation = Installation.running();
    }

    @Test
    void statusNamesTheProcessesThemselves() throws Exception {
        var status = installation.status();

        assertThat(status.get("api_url").asText()).isEqualTo(installation.url());
        assertThat(status.get("console_url").asText()).isEqualTo(installation.url());
        assertThat(status.get("components"))
                .extracting(component -> component.get("name").asText())
                .containsExactly("postgresql", "keycloak", "control-plane");
        assertThat(status.get("components"))
                .extracting(component -> component.get("state").asText())
                .containsOnly("running");
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
    }

    @Test
    void aSecondUpIsHarmless() throws Exception {
        var before = installation.status();

        installation.up();

        assertThat(installation.status()).isEqualTo(before);
    }

    @Test
    void theDemoVerifiesAMillionRecords() throws Exception {
        var output = installation.penstock(Duration.ofMinutes(10), "demo", "--json").orFail();

        var result = new ObjectMapper().readTree(output.standard());
        assertThat(result.get("verified").asBoolean()).isTrue();
        assertThat(result.get("brokers").asInt()).isEqualTo(3);
        assertThat(result.get("records_produced").asLong()).isEqualTo(1_000_000);
        assertThat(result.get("records_consumed").asLong()).isEqualTo(1_000_000);
        assertThat(result.get("produce_mb_s").asDouble()).isPositive();
        assertThat(result.get("consume_mb_s").asDouble()).isPositive();
        var alice = installation.as("alice");
        var cluster = result.get("cluster_id").asText();
        assertThat(alice.state(cluster)).isEqualTo("ACTIVE");
        alice.awaitSuccess(alice.delete(cluster));
    }

    @Test
    void wrongUsageIsSaidWithStatus2() throws Exception {
        assertThat(installation.penstock(LIMIT, "nonsense").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "test", "nonsense").status()).isEqualTo(2);
        assertThat(installation.penstock(LIMIT, "token", "mallory").status()).isEqualTo(1);
        var broker = installation.penstock(LIMIT, "broker", "missing.properties");
        assertThat(broker.status()).isEqualTo(1);
        assertThat(broker.error()).contains("missing.properties");
    }

    private String program(String component) throws IOException, InterruptedException {
        var line = Installation.commandLine(installation.pid(component));
        return line.substring(0, line.indexOf(' '));
    }

    private static JsonNode claims(String token) throws IOException {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}
