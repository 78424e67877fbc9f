package io.penstock.provisioner.terraform;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** The PostgreSQL schema that holds one cluster's Terraform state. */
final class StateSchema {
    /** Space of advisory locks of two integers: Terraform's own have one, so they never meet. */
    private static final int LOCK_SPACE = 0x70656e73;

    private static final int CREATION = 1;

    private final String jdbcUrl;
    private final Properties login;
    private final String name;

    StateSchema(String databaseUrl, String clusterId) {
        URI uri = URI.create(databaseUrl);
        if (uri.getHost() == null || uri.getRawUserInfo() == null) {
            throw new IllegalArgumentException(
                    "the state's database URL must look like postgres://user:password@host:port/database");
        }
        String[] user = uri.getRawUserInfo().split(":", 2);
        this.login = new Properties();
        login.setProperty("user", decoded(user[0]));
        if (user.length > 1) {
            login.setProperty("password", decoded(user[1]));
        }
        login.setProperty("connectTimeout", "10");
        login.setProperty("socketTimeout", "150");
        login.setProperty("ApplicationName", "penstock-provisioner");
        this.jdbcUrl =
                "jdbc:postgresql://"
                        + uri.getHost()
                        + ":"
                        + (uri.getPort() < 0 ? 5432 : uri.getPort())
                        + uri.getRawPath()
                        + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        this.name = "tf_" + clusterId;
    }

    /** Derived from the cluster's id, and a plain SQL identifier because that is one. */
    String name() {
        return name;
    }

    boolean exists() throws TerraformFailedException {
        return ask("select 1 from information_schema.schemata where schema_name = ?", name);
    }

    /** Whether a state was ever written, so that Terraform locks this state's own row. */
    boolean hasState() throws TerraformFailedException {
        return ask("select 1 where to_regclass(?) is not null", name + ".states")
                && ask("select 1 from " + name + ".states where name = ?", "default");
    }

    void drop() throws TerraformFailedException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists " + name + " cascade");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Held by at most one process at a time; ends with the connection, so also with the process.
     */
    CreationLock lockCreation() throws TerraformFailedException {
        Connection connection = null;
        try {
            connection = connect();
            try (Statement statement = connection.createStatement()) {
                statement.execute("set lock_timeout = '120s'");
                statement.execute("select pg_advisory_lock(" + LOCK_SPACE + ", " + CREATION + ")");
            }
            return new CreationLock(connection);
        } catch (SQLException e) {
            close(connection);
            throw failure(e);
        }
    }

    /** The right to make a schema and its first state. */
    record CreationLock(Connection connection) implements AutoCloseable {
        @Override
        public void close() {
            StateSchema.close(connection);
        }
    }

    private static void close(Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "a connection to the state's database cannot be closed", e);
        }
    }

    private boolean ask(String query, String argument) throws TerraformFailedException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, login);
    }

    private static TerraformFailedException failure(SQLException e) {
        return new TerraformFailedException(
                "the state's database cannot be used: " + e.getMessage(), e);
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
