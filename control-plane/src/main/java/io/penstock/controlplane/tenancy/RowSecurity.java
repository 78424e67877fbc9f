package io.penstock.controlplane.tenancy;

import io.agroal.api.AgroalPoolInterceptor;

import jakarta.inject.Singleton;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Tells PostgreSQL, on every connection that the requests' pool hands out, whose rows may be seen.
 */
@Singleton
public class RowSecurity implements AgroalPoolInterceptor {
    private final CurrentTenant tenant;

    RowSecurity(CurrentTenant tenant) {
        this.tenant = tenant;
    }

    @Override
    public void onConnectionAcquire(Connection connection) {
        set(connection, tenant.get());
    }

    @Override
    public void onConnectionReturn(Connection connection) {
        set(connection, CurrentTenant.NOBODY);
    }

    private static void set(Connection connection, String tenant) {
        try (var statement =
                connection.prepareStatement("select set_config('app.tenant', ?, false)")) {
            statement.setString(1, tenant);
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot set the tenant of a connection", e);
        }
    }
}
