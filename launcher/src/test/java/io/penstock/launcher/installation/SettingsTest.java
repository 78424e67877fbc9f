package io.penstock.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.launcher.LaunchFailure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

class SettingsTest {
    private static final Path CHECKOUT = Path.of("/checkout");
    @TempDir Path home;

    @Test
    void environmentWinsOverTheFileAndTheFileOverTheDefault() {
        resolve(Map.of("PENSTOCK_CONSOLE_PORT", "9001", "PENSTOCK_KEYCLOAK_PORT", "9002"))
                .write(home);

        var settings = resolve(Map.of("PENSTOCK_KEYCLOAK_PORT", "9003"));

        assertThat(settings.consolePort()).isEqualTo(9001);
        assertThat(settings.keycloakPort()).isEqualTo(9003);
        assertThat(settings.postgresqlPort()).isEqualTo(15432);
        assertThat(settings.enrolmentPort()).isEqualTo(8443);
    }

    @Test
    void laterCommandsKnowOfExternalServicesWithoutTheirVariables() {
        resolve(
                        Map.of(
                                "PENSTOCK_DATABASE_URL", "jdbc:postgresql://db.example/penstock",
                                "PENSTOCK_OIDC_ISSUER", "https://issuer.example"))
                .write(home);

        var settings = resolve(Map.of());

        assertThat(settings.externalPostgresql()).isTrue();
        assertThat(settings.externalIssuer()).contains("https://issuer.example");
        assertThat(Settings.file(home)).content().doesNotContain("db.example");
    }

    @Test
    void theRangeStaysWhatItWasAlsoWhenSomebodyListensOnItNow() {
        var first = resolve(Map.of());
        first.write(home);
        var octet = Integer.parseInt(first.localRange().split("\\.")[1]);

        var second = Settings.resolve(home, CHECKOUT, Map.of(), Set.of(octet));

        assertThat(octet).isBetween(64, 250);
        assertThat(second.localRange()).isEqualTo(first.localRange());
    }

    @Test
    void aNewInstallationAvoidsARangeInUse() {
        var octet = Integer.parseInt(resolve(Map.of()).localRange().split("\\.")[1]);

        var settings = Settings.resolve(home, CHECKOUT, Map.of(), Set.of(octet));

        assertThat(settings.localRange())
                .isNotEqualTo("127." + octet + ".0.0/16")
                .matches("127\\.\\d+\\.0\\.0/16");
    }

    @Test
    void aWrongPortIsNamedWithItsVariable() {
        assertThatThrownBy(() -> resolve(Map.of("PENSTOCK_CONSOLE_PORT", "http")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("PENSTOCK_CONSOLE_PORT")
                .hasMessageContaining("http");
        assertThatThrownBy(() -> resolve(Map.of("PENSTOCK_POSTGRESQL_PORT", "70000")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("70000");
    }

    @Test
    void aRangeOutsideOfTheLoopbackRangesIsRefused() {
        assertThatThrownBy(() -> resolve(Map.of("PENSTOCK_LOCAL_RANGE", "10.0.0.0/16")))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("10.0.0.0/16");
        assertThatThrownBy(() -> resolve(Map.of("PENSTOCK_LOCAL_RANGE", "127.0.0.0/16")))
                .isInstanceOf(LaunchFailure.class);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(Settings.file(home), "console.port=\\u12");

        assertThatThrownBy(() -> resolve(Map.of()))
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining(Settings.file(home).toString());
    }

    private Settings resolve(Map<String, String> environment) {
        return Settings.resolve(home, CHECKOUT, environment, Set.of());
    }
}
