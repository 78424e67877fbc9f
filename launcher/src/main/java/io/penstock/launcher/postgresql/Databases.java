package io.penstock.launcher.postgresql;

import io.penstock.launcher.installation.Secrets;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Roles and databases of an installation. No role can do more than its part needs: the schema's
 * owner is not the role of requests, and nobody may connect to a database of which nothing was
 * granted to him.
 */
public final class Databases {
    public static final String OWNER = "penstock_owner";
    public static final String APP = "penstock_app";
    public static final String ENGINE = "penstock_engine";
    public static final String KEYCLOAK = "keycloak";
    public static final String TERRAFORM = "penstock_terraform";
    public static final String PENSTOCK = "penstock";

    private static final List<Role> ROLES =
            List.of(
                    new Role(OWNER, "NOBYPASSRLS"),
                    new Role(APP, "NOBYPASSRLS"),
                    // Row-level security is forced on every tenant table; the engine works for all
                    // tenants.
                    new Role(ENGINE, "BYPASSRLS"),
                    new Role(KEYCLOAK, "NOBYPASSRLS"),
                    new Role(TERRAFORM, "NOBYPASSRLS"));

    private final Postgresql postgresql;
    private final Secrets secrets;

    Databases(Postgresql postgresql, Secrets secrets) {
        this.postgresql = postgresql;
        this.secrets = secrets;
    }

    private record Role(String name, String rights) {}

    /** The name of the secret that is a role's password. */
    public static String secret(String role) {
        return "database-" + role;
    }

    void ensure() throws SQLException {
        try (var connection = postgresql.connectAsSuperuser("postgres")) {
            // A failing statement must not write a password to the server's log.
            execute(connection, "set log_min_error_statement = panic");
            for (var role : ROLES) {
                ensureRole(connection, role);
            }
            ensureDatabase(connection, PENSTOCK, OWNER);
            ensureDatabase(connection, KEYCLOAK, KEYCLOAK);
            ensureDatabase(connection, TERRAFORM, TERRAFORM);
            execute(connection, "grant connect on database penstock to " + APP + ", " + ENGINE);
        }
    }

    /**
     * Names are constants of this class and passwords URL-safe base64, so that nothing needs
     * quoting.
     */
    private void ensureRole(Connection connection, Role role) throws SQLException {
        var verb = exists(connection, "pg_roles", "rolname", role.name()) ? "alter" : "create";
        execute(
                connection,
                "%s role %s login nosuperuser nocreatedb nocreaterole noreplication %s password '%s'"
                        .formatted(
                                verb,
                                role.name(),
                                role.rights(),
                                secrets.password(secret(role.name()))));
    }

    private static void ensureDatabase(Connection connection, String name, String owner)
            throws SQLException {
        if (!exists(connection, "pg_database", "datname", name)) {
            execute(connection, "create database " + name + " owner " + owner);
        }
        execute(connection, "revoke all on database " + name + " from public");
    }

    private static boolean exists(Connection connection, String table, String column, String name)
            throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "select 1 from " + table + " where " + column + " = ?")) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
