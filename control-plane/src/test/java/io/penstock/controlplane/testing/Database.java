package io.penstock.controlplane.testing;

import java.sql.DriverManager;
import java.sql.SQLException;

/** The tests' database as the engine's role sees it: all tenants. */
public final class Database {
    private Database() {}

    public static int execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                TestEnvironment.jdbcUrl(), "penstock_engine", "engine-password");
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    public static long count(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                TestEnvironment.jdbcUrl(), "penstock_engine", "engine-password");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
