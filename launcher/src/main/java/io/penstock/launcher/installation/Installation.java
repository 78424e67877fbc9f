package io.penstock.launcher.installation;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One installation: a state folder, the checkout it runs from, and what the environment says.
 *
 * @param home the state folder, absolute
 * @param checkout the folder of the sources and what was built of them
 * @param javaHome the JDK that every Java process runs on
 */
public record Installation(
        Path home,
        Path checkout,
        Path javaHome,
        Settings settings,
        Secrets secrets,
        BuildInformation build,
        Map<String, String> environment) {

    public Path java() {
        return javaHome.resolve("bin/java");
    }

    public Path clusters() {
        return home.resolve("clusters");
    }

    public Path images() {
        return home.resolve("images");
    }

    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Not with an external database: then the embedded one is not ours to start. */
    public boolean ownsPostgresql() {
        return !settings.externalPostgresql();
    }

    /** Not with an external issuer: then there is no Keycloak of ours. */
    public boolean ownsKeycloak() {
        return settings.externalIssuer().isEmpty();
    }

    public String consoleUrl() {
        return variable("PENSTOCK_PUBLIC_URL").orElse("http://127.0.0.1:" + settings.consolePort());
    }

    /** The address by which this machine itself reaches the control plane. */
    public String localUrl() {
        return "http://127.0.0.1:" + settings.consolePort();
    }

    public String keycloakUrl() {
        return "http://127.0.0.1:" + settings.keycloakPort();
    }

    public String issuer() {
        return settings.externalIssuer().orElseGet(() -> keycloakUrl() + "/realms/penstock");
    }
}
