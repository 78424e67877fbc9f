package io.penstock.controlplane.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL with the three roles, an issuer of tokens, and a certificate for enrolment. */
public final class TestEnvironment implements QuarkusTestResourceLifecycleManager {
    public static final String INSTALLATION_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public static final String METRICS_TOKEN = "scrape-token-of-the-tests";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static volatile String jdbcUrl;

    private EmbeddedPostgres postgres;
    private TestIssuer issuer;

    @Override
    public Map<String, String> start() {
        try {
            postgres = EmbeddedPostgres.builder().setPGStartupWait(START_LIMIT).start();
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create role penstock_owner login password 'owner-password'");
                statement.execute("create role penstock_app login password 'app-password'");
                statement.execute("create role penstock_engine login password 'engine-password'");
                statement.execute("create database penstock owner penstock_owner");
            }
            issuer = TestIssuer.start();
            jdbcUrl = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/penstock";
            return settings(Files.createTempDirectory("penstock-home"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> settings(Path home) {
        var certificate = TestCertificate.write(home);
        Map<String, String> environment = new HashMap<>();
        environment.put("PENSTOCK_HOME", home.toString());
        environment.put("PENSTOCK_DATABASE_URL", jdbcUrl);
        environment.put("PENSTOCK_DATABASE_OWNER", "penstock_owner");
        environment.put("PENSTOCK_DATABASE_OWNER_PASSWORD", "owner-password");
        environment.put("PENSTOCK_DATABASE_APP", "penstock_app");
        environment.put("PENSTOCK_DATABASE_APP_PASSWORD", "app-password");
        environment.put("PENSTOCK_DATABASE_ENGINE", "penstock_engine");
        environment.put("PENSTOCK_DATABASE_ENGINE_PASSWORD", "engine-password");
        environment.put("PENSTOCK_INSTALLATION_KEY", INSTALLATION_KEY);
        environment.put("PENSTOCK_OIDC_ISSUER", issuer.url());
        environment.put("PENSTOCK_OIDC_CLIENT_ID", TestIssuer.CLIENT);
        environment.put("PENSTOCK_OIDC_CLIENT_SECRET", "client-secret-of-the-tests");
        environment.put("PENSTOCK_ENROLMENT_PORT", "0");
        environment.put("PENSTOCK_TLS_CERTIFICATE", certificate.certificate().toString());
        environment.put("PENSTOCK_TLS_KEY", certificate.key().toString());
        environment.put("PENSTOCK_TLS_CA", certificate.certificate().toString());
        Map<String, String> settings = new HashMap<>(environment);
        // What the environment's names stand for; a map has no rules of that kind.
        settings.put("penstock.home", environment.get("PENSTOCK_HOME"));
        settings.put("penstock.database.url", jdbcUrl);
        settings.put("penstock.database.engine", "penstock_engine");
        settings.put("penstock.database.engine-password", "engine-password");
        settings.put("penstock.installation-key", INSTALLATION_KEY);
        settings.put("penstock.enrolment.port", "0");
        settings.put("penstock.metrics-token", METRICS_TOKEN);
        settings.put("penstock.tls.certificate", environment.get("PENSTOCK_TLS_CERTIFICATE"));
        settings.put("penstock.tls.key", environment.get("PENSTOCK_TLS_KEY"));
        settings.put("penstock.tls.ca", environment.get("PENSTOCK_TLS_CA"));
        settings.put("penstock.engine.retry-pause", "50ms");
        settings.put("penstock.engine.health-interval", "1s");
        return settings;
    }

    /** The database of the tests, for looking at it as one of its roles. */
    public static String jdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public void stop() {
        try {
            if (issuer != null) {
                issuer.close();
            }
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
