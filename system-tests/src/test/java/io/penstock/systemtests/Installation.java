package io.penstock.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.systemtests.Commands.Output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole installation of its own: state folder, free ports, loopback range. It is started once per
 * run through the script that people use, and reset at the end of the run, however that ends.
 */
final class Installation {
    private static final Path CHECKOUT =
            Path.of(System.getProperty("penstock.checkout")).toAbsolutePath().normalize();
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

    /** A token lasts half an hour at least. */
    private static final Duration TOKEN_USE = Duration.ofMinutes(10);

    private static final Duration UP_LIMIT = Duration.ofMinutes(30);
    private static final Duration RESET_LIMIT = Duration.ofMinutes(8);
    private static final Path TARGET =
            Path.of(System.getProperty("penstock.target")).toAbsolutePath();
    private static final Installation SHARED = new Installation("installation");

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private boolean up;
    private boolean hooked;

    /** A bearer token, and when it was made. */
    private record Token(String value, Instant since) {}

    private Installation(String folder) {
        home = TARGET.resolve(folder);
        environment.put("PENSTOCK_HOME", home.toString());
    }

    /** The running installation. */
    static synchronized Installation running() throws IOException, InterruptedException {
        if (!SHARED.up) {
            SHARED.startAnew();
        }
        return SHARED;
    }

    /** One that a test starts itself, with a state folder of this name. */
    static Installation another(String folder) throws IOException, InterruptedException {
        var installation = new Installation(folder);
        installation.prepare();
        return installation;
    }

    private void startAnew() throws IOException, InterruptedException {
        prepare();
        up();
        up = true;
    }

    private void prepare() throws IOException, InterruptedException {
        if (Files.exists(home.resolve("settings.properties"))) {
            // A run before was killed.
            penstock(RESET_LIMIT, "reset", "--yes").orFail();
        }
        var ports = FreePorts.take(4);
        environment.put("PENSTOCK_CONSOLE_PORT", ports.get(0));
        environment.put("PENSTOCK_ENROLMENT_PORT", ports.get(1));
        environment.put("PENSTOCK_KEYCLOAK_PORT", ports.get(2));
        environment.put("PENSTOCK_POSTGRESQL_PORT", ports.get(3));
        tokens.clear();
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::resetAtEnd));
            hooked = true;
        }
    }

    Output penstock(Duration limit, String... arguments) throws IOException, InterruptedException {
        return penstock(CHECKOUT, Map.of(), limit, arguments);
    }

    /** The script of some checkout, with this installation's settings but for those given. */
    Output penstock(
            Path checkout, Map<String, String> settings, Duration limit, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(checkout.resolve("penstock").toString()));
        command.addAll(List.of(arguments));
        var all = new HashMap<>(environment);
        all.putAll(settings);
        return Commands.run(limit, checkout, all, "", command);
    }

    /** A piece of shell, run in the checkout as a user of this installation would. */
    Output shell(Duration limit, Map<String, String> settings, String script)
            throws IOException, InterruptedException {
        var all = new HashMap<>(environment);
        all.putAll(settings);
        return Commands.run(limit, CHECKOUT, all, "", List.of("bash", "-euc", script));
    }

    void up() throws IOException, InterruptedException {
        penstock(UP_LIMIT, "up").orFail();
    }

    void down() throws IOException, InterruptedException {
        penstock(RESET_LIMIT, "down").orFail();
    }

    JsonNode status() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(penstock(COMMAND_LIMIT, "status", "--json").orFail().standard());
    }

    /** The pid of a component that runs. */
    long pid(String component) throws IOException, InterruptedException {
        for (var entry : status().get("components")) {
            if (entry.get("name").asText().equals(component) && !entry.get("pid").isNull()) {
                return entry.get("pid").asLong();
            }
        }
        throw new AssertionError(component + " does not run");
    }

    /** The API as this user calls it, however long the run takes. */
    Api as(String user) throws IOException, InterruptedException {
        token(user);
        return new Api(url(), () -> token(user));
    }

    private synchronized String token(String user) {
        var token = tokens.get(user);
        if (token == null || token.since().plus(TOKEN_USE).isBefore(Instant.now())) {
            try {
                var output = penstock(COMMAND_LIMIT, "token", user).orFail();
                token = new Token(output.standard().strip(), Instant.now());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while asking for a token", e);
            }
            tokens.put(user, token);
        }
        return token.value();
    }

    String url() {
        return "http://127.0.0.1:" + environment.get("PENSTOCK_CONSOLE_PORT");
    }

    Path home() {
        return home;
    }

    Path checkout() {
        return CHECKOUT;
    }

    Path clusterFolder(String cluster) {
        return home.resolve("clusters").resolve(cluster);
    }

    Path terraformFolder(String cluster) {
        return home.resolve("terraform").resolve(cluster);
    }

    int port(String variable) {
        return Integer.parseInt(environment.get(variable));
    }

    /** The schemas of all clusters' Terraform states. */
    List<String> terraformSchemas() throws IOException, SQLException {
        return terraformSchemas(
                "jdbc:postgresql://127.0.0.1:%d/penstock_terraform"
                        .formatted(port("PENSTOCK_POSTGRESQL_PORT")),
                Files.readString(home.resolve("secrets/database-penstock_terraform")).strip());
    }

    /** Of a database that is somewhere else. */
    List<String> terraformSchemas(String url, String password) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "penstock_terraform", password);
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select schema_name from information_schema.schemata"
                                        + " where schema_name like 'tf\\_%'")) {
            var schemas = new ArrayList<String>();
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
            return schemas;
        }
    }

    String demoPassword() throws IOException {
        return Files.readString(home.resolve("secrets/demo-users")).strip();
    }

    /**
     * Stops everything and deletes the state; whoever asks for the installation next starts anew.
     */
    Output reset() throws IOException, InterruptedException {
        up = false;
        return penstock(RESET_LIMIT, "reset", "--yes").orFail();
    }

    /** Also when tests fail, or the run is interrupted. */
    private void resetAtEnd() {
        if (!Files.exists(home)) {
            return;
        }
        try {
            reset();
        } catch (IOException | AssertionError e) {
            System.err.println("The installation could not be reset: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
