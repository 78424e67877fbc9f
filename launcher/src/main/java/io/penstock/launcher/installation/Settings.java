package io.penstock.launcher.installation;

import io.penstock.launcher.LaunchFailure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Ports and loopback range of one installation, and which of its services are external. A variable
 * of the environment wins over {@code settings.properties}, which wins over the default; what
 * {@code up} used is written back, so that later commands need no variables. Passwords are not
 * written.
 *
 * @param externalIssuer an OIDC issuer that is not ours
 */
public record Settings(
        Path checkout,
        int consolePort,
        int enrolmentPort,
        int keycloakPort,
        int postgresqlPort,
        String localRange,
        boolean externalPostgresql,
        Optional<String> externalIssuer) {
    private static final String POSTGRESQL = "postgresql";
    private static final String EXTERNAL = "external";
    private static final String ISSUER = "issuer";
    private static final Pattern RANGE = Pattern.compile("127\\.(\\d{1,3})\\.0\\.0/16");

    public static Settings resolve(
            Path home, Path checkout, Map<String, String> environment, Set<Integer> busyRanges) {
        var stored = read(home);
        var range =
                given(environment, "PENSTOCK_LOCAL_RANGE")
                        .orElseGet(() -> stored.getProperty("local.range"));
        if (range == null) {
            range = LoopbackRange.choose(home, busyRanges);
        }
        checkRange(range);
        return new Settings(
                checkout,
                port(environment, stored, "PENSTOCK_CONSOLE_PORT", "console.port", 8080),
                port(environment, stored, "PENSTOCK_ENROLMENT_PORT", "enrolment.port", 8443),
                port(environment, stored, "PENSTOCK_KEYCLOAK_PORT", "keycloak.port", 8180),
                port(environment, stored, "PENSTOCK_POSTGRESQL_PORT", "postgresql.port", 15432),
                range,
                given(environment, "PENSTOCK_DATABASE_URL").isPresent()
                        || stored.getProperty(POSTGRESQL, "").equals(EXTERNAL),
                given(environment, "PENSTOCK_OIDC_ISSUER")
                        .or(() -> Optional.ofNullable(stored.getProperty(ISSUER))));
    }

    private static Optional<String> given(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    /** The checkout that last ran {@code up} on this state folder. */
    public static Path storedCheckout(Path home, Path otherwise) {
        var stored = read(home).getProperty("checkout");
        return stored == null ? otherwise : Path.of(stored);
    }

    public void write(Path home) {
        var lines =
                new ArrayList<>(
                        List.of(
                                "# Written by `penstock up`. Environment variables win over what stands here.",
                                "checkout=" + checkout.toString().replace("\\", "\\\\"),
                                "console.port=" + consolePort,
                                "enrolment.port=" + enrolmentPort,
                                "keycloak.port=" + keycloakPort,
                                "postgresql.port=" + postgresqlPort,
                                "local.range=" + localRange));
        if (externalPostgresql) {
            lines.add(POSTGRESQL + "=" + EXTERNAL);
        }
        externalIssuer.ifPresent(issuer -> lines.add(ISSUER + "=" + issuer));
        PrivateFiles.write(file(home), String.join("\n", lines) + "\n");
    }

    public static Path file(Path home) {
        return home.resolve("settings.properties");
    }

    public List<Integer> ports() {
        return new ArrayList<>(List.of(consolePort, enrolmentPort, keycloakPort, postgresqlPort));
    }

    private static Properties read(Path home) {
        var properties = new Properties();
        if (Files.exists(file(home))) {
            try (var reader = Files.newBufferedReader(file(home))) {
                properties.load(reader);
            } catch (IllegalArgumentException | CharacterCodingException e) {
                throw new LaunchFailure(
                        "%s cannot be read: %s".formatted(file(home), e.getMessage()),
                        "Mend it, or move it away and give the ports by environment variables.");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }

    private static int port(
            Map<String, String> environment,
            Properties stored,
            String variable,
            String property,
            int otherwise) {
        var fromEnvironment = given(environment, variable);
        var text = fromEnvironment.orElseGet(() -> stored.getProperty(property));
        if (text == null) {
            return otherwise;
        }
        try {
            var port = Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below together with numbers out of range.
        }
        throw new LaunchFailure(
                "%s is '%s', which is no port."
                        .formatted(fromEnvironment.isPresent() ? variable : property, text),
                "Give a number from 1 to 65535.");
    }

    private static void checkRange(String range) {
        var matcher = RANGE.matcher(range);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(1)) < LoopbackRange.FIRST
                || Integer.parseInt(matcher.group(1)) > LoopbackRange.LAST) {
            throw new LaunchFailure(
                    "The loopback range '%s' cannot be used.".formatted(range),
                    "Give PENSTOCK_LOCAL_RANGE as 127.x.0.0/16 with x from %d to %d."
                            .formatted(LoopbackRange.FIRST, LoopbackRange.LAST));
        }
    }
}
