package io.penstock.launcher.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions that this build was made of. */
public record BuildInformation(String version, String keycloakVersion, String postgresqlVersion) {

    public static BuildInformation load() {
        var properties = new Properties();
        try (var resource =
                BuildInformation.class.getResourceAsStream(
                        "/io/penstock/launcher/build.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInformation(
                properties.getProperty("version").replace("-SNAPSHOT", ""),
                properties.getProperty("keycloak.version"),
                properties.getProperty("postgresql.version"));
    }
}
