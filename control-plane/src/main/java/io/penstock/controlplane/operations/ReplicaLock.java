package io.penstock.controlplane.operations;

import io.penstock.controlplane.installation.PenstockConfiguration;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Tells a replica that starts whether it is the only one: every replica holds a shared advisory
 * lock as long as it lives, and PostgreSQL frees it with the replica's connection. The only one may
 * take over at once what a dead one had picked, instead of waiting for missed heartbeats.
 */
@ApplicationScoped
public class ReplicaLock {
    private static final Logger LOG = Logger.getLogger(ReplicaLock.class);
    private static final long KEY = 0x50454e53544f434bL;

    private final PenstockConfiguration.Database settings;
    private Connection connection;

    ReplicaLock(PenstockConfiguration configuration) {
        this.settings = configuration.database();
    }

    synchronized void join() {
        try {
            connection = connect();
            if (query("select pg_try_advisory_lock(" + KEY + ")")) {
                try (var statement = connection.createStatement()) {
                    int taken =
                            statement.executeUpdate(
                                    "update scheduled_tasks set picked = false, picked_by = null,"
                                            + " last_heartbeat = null, execution_time = least(execution_time, now()),"
                                            + " version = version + 1 where picked");
                    if (taken > 0) {
                        LOG.infof("Took over %d tasks of a replica that ended", taken);
                    }
                    statement.execute("select pg_advisory_lock_shared(" + KEY + ")");
                }
                query("select pg_advisory_unlock(" + KEY + ")");
            } else {
                try (var statement = connection.createStatement()) {
                    statement.execute("set lock_timeout = '10s'");
                    statement.execute("select pg_advisory_lock_shared(" + KEY + ")");
                }
            }
        } catch (SQLException e) {
            leave();
            LOG.warnf("Dead executions are revived by heartbeat only: %s", e.getMessage());
        }
    }

    synchronized void leave() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debugf("Closing failed: %s", e.getMessage());
            }
            connection = null;
        }
    }

    private boolean query(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", settings.engine());
        properties.setProperty("password", settings.enginePassword());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "penstock-replica");
        return DriverManager.getConnection(settings.url(), properties);
    }
}
