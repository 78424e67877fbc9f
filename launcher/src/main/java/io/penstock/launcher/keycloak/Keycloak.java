package io.penstock.launcher.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.postgresql.Databases;
import io.penstock.launcher.process.Component;
import io.penstock.launcher.process.Daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The embedded Keycloak: optimized, on 127.0.0.1 only, its data in PostgreSQL. */
public final class Keycloak implements Component {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADMIN = "admin";

    private final Installation installation;
    private final KeycloakDistribution distribution;
    private final Daemon daemon;
    private final KeycloakClient client;
    private final Realm realm;

    public Keycloak(Installation installation) {
        this.installation = installation;
        var folder = installation.home().resolve("keycloak");
        this.distribution = new KeycloakDistribution(installation, folder);
        this.daemon = new Daemon("keycloak", folder, "-Dkc.home.dir=" + distribution.home());
        this.client = new KeycloakClient(installation.keycloakUrl());
        this.realm = new Realm(installation);
    }

    @Override
    public String name() {
        return daemon.name();
    }

    @Override
    public Optional<Long> pid() {
        return daemon.pid();
    }

    @Override
    public Path log() {
        return daemon.log();
    }

    @Override
    public boolean healthy() {
        return client.answers("/health/ready");
    }

    @Override
    public boolean current() {
        return daemon.startedBy(command(), environment());
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        distribution.prepare(log());
    }

    @Override
    public void start() {
        daemon.start(command(), environment());
    }

    /**
     * Imports the realm when it is missing, and brings its clients' addresses and secrets up to
     * date when it is not.
     */
    @Override
    public void settle() throws IOException, InterruptedException {
        var token =
                grant(
                        "master",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                ADMIN,
                                "password",
                                installation.secrets().password("keycloak-admin")));
        var path = "/admin/realms/" + Realm.NAME;
        if (client.get(path, token).isMissingNode()) {
            client.post("/admin/realms", realm.representation(), token);
            return;
        }
        for (var wanted : realm.clients()) {
            var clients = path + "/clients";
            var found = client.get(clients + "?clientId=" + wanted.get("clientId"), token);
            if (found.isEmpty()) {
                client.post(clients, wanted, token);
            } else {
                var present = found.get(0);
                if (differs(present, JSON.valueToTree(wanted))) {
                    var merged = JSON.convertValue(present, LinkedHashMap.class);
                    var mended = new LinkedHashMap<String, Object>();
                    merged.forEach((key, value) -> mended.put(key.toString(), value));
                    wanted.forEach(mended::put);
                    mended.put("protocolMappers", merged.get("protocolMappers"));
                    client.put(clients + "/" + present.get("id").asText(), mended, token);
                }
            }
        }
    }

    @Override
    public void stop() throws InterruptedException {
        daemon.stop("TERM", Duration.ofSeconds(30));
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(4);
    }

    public static List<String> usernames() {
        return Realm.usernames();
    }

    /** A bearer token of a demo user; lasts four hours. */
    public String token(String username) throws IOException, InterruptedException {
        return grant(
                Realm.NAME,
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        Realm.CLI_CLIENT,
                        "client_secret",
                        installation.secrets().password("cli-client"),
                        "scope",
                        "openid",
                        "username",
                        username,
                        "password",
                        installation.secrets().readablePassword("demo-users")));
    }

    private String grant(String realmName, Map<String, String> form)
            throws IOException, InterruptedException {
        var response = client.token(realmName, form);
        if (response.statusCode() != 200) {
            throw new LaunchFailure(
                    "Keycloak gave no token to %s: %s"
                            .formatted(
                                    form.get("username"),
                                    JSON.readTree(response.body())
                                            .path("error_description")
                                            .asText("status " + response.statusCode())),
                    "See " + log() + ".");
        }
        return JSON.readTree(response.body()).get("access_token").asText();
    }

    private static boolean differs(JsonNode present, JsonNode wanted) {
        for (var field : wanted.properties()) {
            var value = present.path(field.getKey());
            var differs =
                    switch (field.getKey()) {
                        case "protocolMappers" -> false;
                        case "attributes" -> differs(value, field.getValue());
                        default -> !value.equals(field.getValue());
                    };
            if (differs) {
                return true;
            }
        }
        return false;
    }

    /** What {@code kc.sh} runs, without the shell that would stay around as the parent. */
    private List<String> command() {
        var home = distribution.home();
        return List.of(
                installation.java().toString(),
                "-Xms64m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:MaxMetaspaceSize=224m",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Dfile.encoding=UTF-8",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Dpicocli.disable.closures=true",
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                "start",
                "--optimized");
    }

    private Map<String, String> environment() {
        var secrets = installation.secrets();
        var environment = new LinkedHashMap<String, String>();
        environment.put("KC_HTTP_ENABLED", "true");
        environment.put("KC_HTTP_HOST", "127.0.0.1");
        environment.put("KC_HTTP_PORT", Integer.toString(installation.settings().keycloakPort()));
        environment.put("KC_HOSTNAME", installation.keycloakUrl());
        environment.put("KC_CACHE", "local");
        environment.put(
                "KC_DB_URL",
                installation
                        .variable("PENSTOCK_KEYCLOAK_DATABASE_URL")
                        .orElse(
                                "jdbc:postgresql://127.0.0.1:%d/%s"
                                        .formatted(
                                                installation.settings().postgresqlPort(),
                                                Databases.KEYCLOAK)));
        environment.put(
                "KC_DB_USERNAME",
                installation
                        .variable("PENSTOCK_KEYCLOAK_DATABASE_USER")
                        .orElse(Databases.KEYCLOAK));
        environment.put(
                "KC_DB_PASSWORD",
                installation
                        .variable("PENSTOCK_KEYCLOAK_DATABASE_PASSWORD")
                        .orElseGet(() -> secrets.password(Databases.secret(Databases.KEYCLOAK))));
        environment.put("KC_LOG_LEVEL", "INFO,io.smallrye.health:ERROR");
        environment.put("KC_DB_POOL_MAX_SIZE", "12");
        environment.put("KC_DB_POOL_INITIAL_SIZE", "1");
        environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", secrets.password("keycloak-admin"));
        return environment;
    }
}
