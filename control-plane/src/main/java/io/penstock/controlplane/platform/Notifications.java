package io.penstock.controlplane.platform;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One LISTEN connection of this replica. A notification carries at most a cluster's id; who is
 * woken reads the rows under its own tenant. After a lost connection everyone is woken, since what
 * was notified meanwhile is not known.
 */
@ApplicationScoped
public class Notifications {
    private static final Logger LOG = Logger.getLogger(Notifications.class);
    private static final int POLL_MILLIS = 1_000;
    private static final int POLLS_BETWEEN_CHECKS = 15;
    private static final int VALIDATION_SECONDS = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final PenstockConfiguration configuration;
    private final Map<String, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> workers = new CopyOnWriteArrayList<>();
    private volatile boolean running = true;
    private volatile Thread listener;

    Notifications(PenstockConfiguration configuration) {
        this.configuration = configuration;
    }

    /** Wakes its owner; wakes that come while it works are kept as one. */
    public final class Subscription implements AutoCloseable {
        private final String clusterId;
        private final Semaphore signal = new Semaphore(0);

        private Subscription(String clusterId) {
            this.clusterId = clusterId;
        }

        /** True when something may have changed, false at the deadline. */
        public boolean await(Instant deadline) throws InterruptedException {
            long millis = Duration.between(Instant.now(), deadline).toMillis();
            if (millis <= 0 || !signal.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                return false;
            }
            signal.drainPermits();
            return true;
        }

        public void wake() {
            signal.release();
        }

        @Override
        public void close() {
            subscriptions.computeIfPresent(
                    clusterId,
                    (id, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    public Subscription subscribe(String clusterId) {
        var subscription = new Subscription(clusterId);
        subscriptions.compute(
                clusterId,
                (id, all) -> {
                    var some = all == null ? ConcurrentHashMap.<Subscription>newKeySet() : all;
                    some.add(subscription);
                    return some;
                });
        return subscription;
    }

    /** Calls back whenever an operation may be due. */
    public void onWork(Runnable worker) {
        workers.add(worker);
    }

    void start(@Observes @Priority(10) StartupEvent event) {
        listener = Thread.ofVirtual().name("notifications").start(this::listen);
    }

    /** Before requests are waited for: streams and long polls must not hold the stop up. */
    void prepareToStop(@Observes ShutdownDelayInitiatedEvent event) {
        running = false;
        subscriptions.values().forEach(all -> all.forEach(Subscription::wake));
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
        subscriptions.values().forEach(all -> all.forEach(Subscription::wake));
        if (listener != null) {
            listener.interrupt();
        }
    }

    public boolean isRunning() {
        return running;
    }

    private void listen() {
        var pause = Duration.ofMillis(200);
        while (running) {
            try (var connection = connect();
                    var statement = connection.createStatement()) {
                statement.execute("listen penstock_events");
                statement.execute("listen penstock_work");
                pause = Duration.ofMillis(200);
                wakeAll();
                forward(connection.unwrap(PGConnection.class));
            } catch (SQLException e) {
                if (!running) {
                    return;
                }
                LOG.warnf("Lost the connection that listens for changes: %s", e.getMessage());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                return;
            }
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                            ? LONGEST_PAUSE
                            : pause.multipliedBy(2);
        }
    }

    private void forward(PGConnection connection) throws SQLException {
        int quiet = 0;
        while (running) {
            var notifications = connection.getNotifications(POLL_MILLIS);
            quiet = notifications.length == 0 ? quiet + 1 : 0;
            if (quiet >= POLLS_BETWEEN_CHECKS) {
                requireAlive(connection);
                quiet = 0;
            }
            for (var notification : notifications) {
                if (notification.getName().equals("penstock_work")) {
                    workers.forEach(Runnable::run);
                } else {
                    subscriptions
                            .getOrDefault(notification.getParameter(), Set.of())
                            .forEach(Subscription::wake);
                }
            }
        }
    }

    /** A server that vanished without a word is noticed only by asking it. */
    private static void requireAlive(PGConnection connection) throws SQLException {
        if (!((Connection) connection).isValid(VALIDATION_SECONDS)) {
            throw new SQLException("the server does not answer");
        }
    }

    private void wakeAll() {
        workers.forEach(Runnable::run);
        subscriptions.values().forEach(all -> all.forEach(Subscription::wake));
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", configuration.database().engine());
        properties.setProperty("password", configuration.database().enginePassword());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "penstock-notifications");
        return DriverManager.getConnection(configuration.database().url(), properties);
    }
}
