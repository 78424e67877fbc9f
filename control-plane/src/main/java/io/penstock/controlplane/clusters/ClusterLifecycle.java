package io.penstock.controlplane.clusters;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.installation.Vault;
import io.penstock.controlplane.operations.Events;
import io.penstock.controlplane.platform.AddressBlocks;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.EnrolmentTokens;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.nodes.NodePlacement;
import io.penstock.provisioner.pki.ClusterAuthority;
import io.penstock.provisioner.pki.PemIdentity;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What operations do to clusters of the current tenant. Every call may be repeated. */
@ApplicationScoped
public class ClusterLifecycle implements ClusterAccess.Source {
    /**
     * Hosts of a block: ZooKeeper nodes count from 1, so they are 1 to 3; brokers follow from 5.
     */
    private static final int FIRST_BROKER_HOST = 5;

    private final Catalog catalog;
    private final AddressBlocks blocks;
    private final Vault vault;
    private final EnrolmentTokens tokens;
    private final Instance<ClusterBelongings> belongings;
    private final Events events;

    ClusterLifecycle(
            Catalog catalog,
            AddressBlocks blocks,
            Vault vault,
            EnrolmentTokens tokens,
            Instance<ClusterBelongings> belongings,
            Events events) {
        this.catalog = catalog;
        this.blocks = blocks;
        this.vault = vault;
        this.tokens = tokens;
        this.belongings = belongings;
        this.events = events;
    }

    /** Gives the cluster its network and each node its address; answers the network. */
    public String allocateAddresses(String tenant, String clusterId) {
        var block = blocks.allocate(tenant, clusterId);
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var cluster = lock(clusterId);
                            cluster.network = block.cidr();
                            for (var node : nodes(clusterId)) {
                                int host =
                                        node.role == NodeRole.BROKER
                                                ? FIRST_BROKER_HOST + node.nodeId
                                                : node.nodeId;
                                node.address = block.address(host);
                            }
                        });
        return block.cidr();
    }

    /** Makes the cluster's certificate authority, once. */
    public void createAuthority(String clusterId) {
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var cluster = lock(clusterId);
                            if (cluster.caCertificate != null) {
                                return;
                            }
                            var authority =
                                    ClusterAuthority.create(clusterId, InstantSource.system());
                            var identity = authority.identity();
                            cluster.caCertificate = identity.certificatePem();
                            cluster.caKey = vault.seal(place(clusterId), identity.privateKeyPem());
                        });
    }

    @Override
    public ClusterAccess of(String clusterId) {
        return QuarkusTransaction.joiningExisting()
                .call(
                        () -> {
                            ClusterEntity cluster = ClusterEntity.findById(clusterId);
                            if (cluster == null || cluster.deletedAt != null) {
                                throw ProblemException.notFound("cluster");
                            }
                            if (cluster.network == null || cluster.caKey == null) {
                                throw ProblemException.retryable(
                                        503, "cluster_unavailable", "The cluster has no nodes yet");
                            }
                            var identity =
                                    new PemIdentity(
                                            vault.open(place(clusterId), cluster.caKey),
                                            cluster.caCertificate);
                            return new ClusterAccess(
                                    layout(cluster),
                                    ClusterAuthority.of(identity, InstantSource.system()));
                        });
    }

    /** Belongs into the transaction that ends the creation. */
    public void activate(String clusterId) {
        var cluster = lock(clusterId);
        cluster.state = ClusterState.ACTIVE;
        cluster.observedGeneration = cluster.generation;
        cluster.operationId = null;
        changed(cluster);
        events.clusterUpdated(cluster.view());
    }

    /** Belongs into the transaction that ends the operation. */
    public void fail(String clusterId) {
        var cluster = lock(clusterId);
        cluster.state = ClusterState.FAILED;
        cluster.operationId = null;
        changed(cluster);
        events.clusterUpdated(cluster.view());
    }

    /** Gives back what the cluster had of others' and forgets its secrets. */
    public void release(String clusterId) {
        blocks.release(clusterId);
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var cluster = lock(clusterId);
                            cluster.caKey = null;
                            tokens.forget(clusterId);
                            belongings.forEach(of -> of.forget(clusterId));
                        });
    }

    /** Belongs into the transaction that ends the deletion. */
    public void delete(String clusterId) {
        var cluster = lock(clusterId);
        cluster.state = ClusterState.DELETED;
        cluster.health = Health.UNKNOWN;
        cluster.healthDetail = null;
        cluster.observedGeneration = cluster.generation;
        cluster.operationId = null;
        cluster.deletedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        changed(cluster);
        events.clusterDeleted(cluster.view());
    }

    private ClusterLayout layout(ClusterEntity cluster) {
        var plan =
                catalog.plan(cluster.plan)
                        .orElseThrow(() -> new IllegalStateException("No plan " + cluster.plan));
        var nodes = nodes(cluster.id);
        return new ClusterLayout(
                cluster.id,
                cluster.network,
                placements(nodes, NodeRole.ZOOKEEPER, plan),
                placements(nodes, NodeRole.BROKER, plan));
    }

    private static List<NodePlacement> placements(
            List<NodeEntity> nodes, NodeRole role, Plan plan) {
        return nodes.stream()
                .filter(node -> node.role == role)
                .map(node -> node.placement(plan))
                .toList();
    }

    private static List<NodeEntity> nodes(String clusterId) {
        return NodeEntity.list("clusterId = ?1 order by role, nodeId", clusterId);
    }

    private static ClusterEntity lock(String clusterId) {
        return ClusterEntity.findById(clusterId, LockModeType.PESSIMISTIC_WRITE);
    }

    private static void changed(ClusterEntity cluster) {
        cluster.updatedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        ClusterEntity.flush();
    }

    private static String place(String clusterId) {
        return "cluster/ca_key/" + clusterId;
    }
}
