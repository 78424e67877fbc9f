package io.penstock.controlplane.platform;

import io.penstock.provisioner.kafka.ClusterAdmin;
import io.penstock.provisioner.kafka.ClusterEndpoint;
import io.penstock.provisioner.management.NodeHealth;
import io.penstock.provisioner.management.NodeHealthClient;
import io.penstock.provisioner.nodes.NodePlacement;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The control plane's connections to clusters, by mutual TLS with a short-lived certificate of each
 * cluster's own authority. Opened when first used, renewed before the certificate ends, closed when
 * idle.
 */
@ApplicationScoped
public class ClusterConnections implements ClusterClients, NodeProbe {
    private static final Logger LOG = Logger.getLogger(ClusterConnections.class);
    private static final String NAME = "control-plane";
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofHours(24);
    private static final Duration RENEWAL = Duration.ofHours(12);
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final ClusterAccess.Source source;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final Map<String, Lock> opening = new ConcurrentHashMap<>();
    private final ScheduledExecutorService cleaner =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("cluster-connections").factory());

    ClusterConnections(ClusterAccess.Source source) {
        this.source = source;
    }

    /**
     * Of one cluster. The admin client is opened apart: health is asked long before brokers serve.
     */
    private static final class Connection {
        private final ClusterEndpoint endpoint;
        private final NodeHealthClient health;
        private final int brokers;
        private final Instant opened = Instant.now();
        private final AtomicReference<Instant> used = new AtomicReference<>(opened);
        private ClusterAdmin admin;

        Connection(ClusterAccess access) {
            var layout = access.layout();
            var identity =
                    access.authority()
                            .clientIdentity(NAME, NAME, layout.clusterId(), CERTIFICATE_LIFETIME);
            var authority = access.authority().certificatePem();
            this.endpoint =
                    new ClusterEndpoint(layout.internalBootstrapServers(), authority, identity);
            this.health = new NodeHealthClient(identity, authority);
            this.brokers = layout.brokers().size();
        }

        synchronized ClusterAdmin admin() {
            if (admin == null) {
                admin = ClusterAdmin.connect(endpoint);
            }
            return admin;
        }

        boolean isStale(Instant now) {
            return opened.plus(RENEWAL).isBefore(now) || used.get().plus(IDLE).isBefore(now);
        }

        synchronized void close() {
            health.close();
            if (admin != null) {
                admin.close();
            }
        }
    }

    void start(@Observes StartupEvent event) {
        cleaner.scheduleWithFixedDelay(this::closeStale, 30, 30, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        cleaner.shutdownNow();
        connections.values().forEach(Connection::close);
        connections.clear();
    }

    @Override
    public ClusterClient of(String clusterId) {
        var connection = connection(clusterId);
        return new KafkaClusterClient(connection.admin(), connection.brokers);
    }

    @Override
    public NodeReport ask(String clusterId, NodePlacement node) {
        try {
            return report(connection(clusterId).health.health(node.address()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NodeReport.Unreachable("interrupted");
        }
    }

    @Override
    public void close(String clusterId) {
        opening.remove(clusterId);
        var connection = connections.remove(clusterId);
        if (connection != null) {
            connection.close();
        }
    }

    private Connection connection(String clusterId) {
        var existing = current(clusterId);
        if (existing.isPresent()) {
            return existing.get();
        }
        // Nodes are asked at the same time: one of the askers opens what all of them use.
        var lock = opening.computeIfAbsent(clusterId, id -> new ReentrantLock());
        lock.lock();
        try {
            return current(clusterId).orElseGet(() -> open(clusterId));
        } finally {
            lock.unlock();
        }
    }

    private Optional<Connection> current(String clusterId) {
        var now = Instant.now();
        var existing = connections.get(clusterId);
        if (existing == null || existing.opened.plus(RENEWAL).isBefore(now)) {
            return Optional.empty();
        }
        existing.used.set(now);
        return Optional.of(existing);
    }

    private Connection open(String clusterId) {
        var fresh = new Connection(source.of(clusterId));
        var before = connections.put(clusterId, fresh);
        if (before != null) {
            closeLater(before);
        }
        return fresh;
    }

    /** Calls that are under way end within a few seconds. */
    private void closeLater(Connection connection) {
        cleaner.schedule(connection::close, 30, TimeUnit.SECONDS);
    }

    private void closeStale() {
        var now = Instant.now();
        connections.forEach(
                (clusterId, connection) -> {
                    if (connection.isStale(now) && connections.remove(clusterId, connection)) {
                        LOG.debugf("Closing idle connections to %s", clusterId);
                        opening.remove(clusterId);
                        closeLater(connection);
                    }
                });
    }

    private static NodeReport report(NodeHealth health) {
        return switch (health) {
            case NodeHealth.Unreachable(String reason) -> new NodeReport.Unreachable(reason);
            case NodeHealth.BrokerHealth broker ->
                    new NodeReport.Broker(
                            broker.serving(),
                            broker.state(),
                            broker.version(),
                            broker.controller(),
                            broker.brokers(),
                            broker.leaders(),
                            broker.partitions(),
                            broker.offlinePartitions(),
                            broker.underReplicatedPartitions());
            case NodeHealth.ZooKeeperHealth node ->
                    new NodeReport.ZooKeeper(
                            node.inQuorum(), node.state(), node.version(), node.mode());
        };
    }
}
