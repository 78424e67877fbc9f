package io.penstock.controlplane.clusters;

import io.agroal.api.AgroalDataSource;
import io.penstock.controlplane.operations.BackgroundTask;
import io.penstock.controlplane.operations.Events;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.NodeProbe;
import io.penstock.controlplane.platform.NodeReport;
import io.penstock.controlplane.platform.PenstockConfiguration;
import io.penstock.controlplane.tenancy.TenantScope;
import io.penstock.provisioner.nodes.NodePlacement;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import org.jboss.logging.Logger;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Asks every node how it is, and writes down what has changed. No call ever waits for it. */
@ApplicationScoped
public class NodeHealthTask implements BackgroundTask {
    private static final Logger LOG = Logger.getLogger(NodeHealthTask.class);
    private static final int CLUSTERS_AT_ONCE = 8;

    private final AgroalDataSource engine;
    private final ClusterAccess.Source clusters;
    private final NodeProbe probe;
    private final Events events;
    private final Duration interval;

    private record Target(String tenant, String clusterId) {}

    NodeHealthTask(
            @DataSource("engine") AgroalDataSource engine,
            ClusterAccess.Source clusters,
            NodeProbe probe,
            Events events,
            PenstockConfiguration configuration) {
        this.engine = engine;
        this.clusters = clusters;
        this.probe = probe;
        this.events = events;
        this.interval = configuration.engine().healthInterval();
    }

    @Override
    public String name() {
        return "node-health";
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void run() throws InterruptedException {
        var permits = new Semaphore(CLUSTERS_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var target : targets()) {
                permits.acquire();
                threads.execute(
                        () -> {
                            try {
                                TenantScope.asTenant(
                                        target.tenant(),
                                        () -> check(target.tenant(), target.clusterId()));
                            } catch (RuntimeException e) {
                                LOG.debugf(
                                        "Health of %s is not known: %s",
                                        target.clusterId(), e.getMessage());
                            } finally {
                                permits.release();
                            }
                        });
            }
        }
    }

    /** Asks the nodes of one cluster now. */
    public void check(String tenant, String clusterId) {
        TenantScope.asTenant(
                tenant,
                () -> {
                    var nodes = clusters.of(clusterId).layout().nodes();
                    var reports = ask(tenant, clusterId, nodes);
                    QuarkusTransaction.requiringNew().run(() -> write(clusterId, reports));
                });
    }

    /**
     * A scoped value does not reach an executor's threads: each of them enters the tenant itself.
     */
    private Map<String, NodeReport> ask(
            String tenant, String clusterId, List<NodePlacement> nodes) {
        Map<String, NodeReport> reports = new TreeMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<NodeReport>> answers = new TreeMap<>();
            for (var node : nodes) {
                answers.put(
                        node.name(),
                        threads.submit(
                                () ->
                                        TenantScope.asTenant(
                                                tenant, () -> probe.ask(clusterId, node))));
            }
            for (var answer : answers.entrySet()) {
                reports.put(answer.getKey(), await(answer.getValue()));
            }
        }
        return reports;
    }

    private static NodeReport await(Future<NodeReport> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NodeReport.Unreachable("interrupted");
        } catch (ExecutionException e) {
            return new NodeReport.Unreachable(String.valueOf(e.getCause().getMessage()));
        }
    }

    private void write(String clusterId, Map<String, NodeReport> reports) {
        ClusterEntity cluster = ClusterEntity.findById(clusterId, LockModeType.PESSIMISTIC_WRITE);
        if (cluster == null || cluster.deletedAt != null) {
            return;
        }
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var changed = false;
        List<NodeEntity> nodes = NodeEntity.list("clusterId", clusterId);
        for (var node : nodes) {
            var report = reports.get(node.name);
            if (report != null) {
                var before = node.view();
                NodeHealthRules.apply(report, node, now);
                changed |= !before.equals(node.view());
            }
        }
        var verdict = NodeHealthRules.judge(nodes.stream().map(NodeEntity::view).toList());
        if (cluster.health != verdict.health()
                || !Objects.equals(cluster.healthDetail, verdict.detail())) {
            cluster.health = verdict.health();
            cluster.healthDetail = verdict.detail();
            changed = true;
        }
        if (changed) {
            cluster.updatedAt = now;
            ClusterEntity.flush();
            events.clusterUpdated(cluster.view());
        }
    }

    private List<Target> targets() {
        try (var connection = engine.getConnection();
                var statement =
                        connection.prepareStatement(
                                "select tenant, id from cluster where deleted_at is null"
                                        + " and ca_key is not null and network is not null"
                                        + " and state <> 'DELETING' order by id");
                var rows = statement.executeQuery()) {
            List<Target> targets = new ArrayList<>();
            while (rows.next()) {
                targets.add(new Target(rows.getString(1), rows.getString(2)));
            }
            return targets;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot list clusters", e);
        }
    }
}
