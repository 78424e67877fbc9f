package io.penstock.provisioner.terraform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL with an empty database and a role that owns it, as an installation has. */
final class StateDatabase implements AutoCloseable {
    static final String PASSWORD = "s3cret-of-the-state";

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final EmbeddedPostgres postgres;

    StateDatabase() throws IOException {
        this.postgres = EmbeddedPostgres.builder().setPGStartupWait(START_LIMIT).start();
        execute("create role terraform login password '" + PASSWORD + "'");
        execute("create database terraform owner terraform");
    }

    String url() {
        return "postgres://terraform:%s@127.0.0.1:%d/terraform?sslmode=disable"
                .formatted(PASSWORD, postgres.getPort());
    }

    boolean hasSchema(String name) throws SQLException {
        return !read("select 1 from information_schema.schemata where schema_name = '" + name + "'")
                .isEmpty();
    }

    String state(String schema) throws SQLException {
        return read("select data from " + schema + ".states where name = 'default'");
    }

    private String read(String query) throws SQLException {
        try (Connection connection = postgres.getDatabase("postgres", "terraform").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private void execute(String statement) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement jdbc = connection.createStatement()) {
            jdbc.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
