package io.penstock.controlplane.operations;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import java.sql.SQLException;
import java.time.Duration;

/** Deletes what is kept for a while: idempotency keys for a day, events for thirty. */
@ApplicationScoped
class HousekeepingTask implements BackgroundTask {
    private final AgroalDataSource database;

    HousekeepingTask(@DataSource("engine") AgroalDataSource database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "housekeeping";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(10);
    }

    @Override
    public void run() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "delete from idempotency where created_at < now() - interval '24 hours'");
            statement.executeUpdate(
                    "delete from cluster_event where at < now() - interval '30 days'");
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot delete what is old", e);
        }
    }
}
