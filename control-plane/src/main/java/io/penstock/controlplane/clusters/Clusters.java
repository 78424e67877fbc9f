package io.penstock.controlplane.clusters;

import io.penstock.controlplane.api.Answer;
import io.penstock.controlplane.api.EntityTags;
import io.penstock.controlplane.api.PageRequest;
import io.penstock.controlplane.api.Problem.FieldError;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.installation.Identifiers;
import io.penstock.controlplane.installation.PenstockConfiguration;
import io.penstock.controlplane.operations.ClusterDirectory;
import io.penstock.controlplane.operations.OperationType;
import io.penstock.controlplane.operations.Operations;
import io.penstock.controlplane.tenancy.Caller;
import io.penstock.controlplane.tenancy.ProjectRef;
import io.penstock.controlplane.tenancy.Projects;
import io.penstock.controlplane.tenancy.Role;
import io.penstock.provisioner.nodes.NodePorts;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** What callers ask of clusters: desired state is written here, and operations make it real. */
@ApplicationScoped
public class Clusters implements ClusterDirectory {
    private final Caller caller;
    private final Projects projects;
    private final Catalog catalog;
    private final Operations operations;
    private final Identifiers identifiers;
    private final PenstockConfiguration configuration;

    Clusters(
            Caller caller,
            Projects projects,
            Catalog catalog,
            Operations operations,
            Identifiers identifiers,
            PenstockConfiguration configuration) {
        this.caller = caller;
        this.projects = projects;
        this.catalog = catalog;
        this.operations = operations;
        this.identifiers = identifiers;
        this.configuration = configuration;
    }

    public ClusterList list(ProjectRef project, PageRequest page) {
        List<ClusterEntity> rows =
                QuarkusTransaction.joiningExisting()
                        .call(
                                () ->
                                        ClusterEntity.<ClusterEntity>find(
                                                        "projectId = ?1 and deletedAt is null and id < ?2"
                                                                + " order by id desc",
                                                        project.id(),
                                                        page.after() == null ? "~" : page.after())
                                                .page(0, page.oneMore())
                                                .list());
        var result = page.page(rows, row -> row.id);
        return new ClusterList(
                result.items().stream().map(ClusterEntity::view).toList(), result.nextPageToken());
    }

    /** A live cluster of the project; whatever else the id may be is not found. */
    public Cluster get(ProjectRef project, String id) {
        return QuarkusTransaction.joiningExisting().call(() -> find(project, id).view());
    }

    @Override
    public String require(ProjectRef project, String id) {
        return get(project, id).id();
    }

    public List<Node> nodes(ProjectRef project, String id) {
        return QuarkusTransaction.joiningExisting()
                .call(
                        () -> {
                            var cluster = find(project, id);
                            return NodeEntity.<NodeEntity>list(
                                            "clusterId = ?1 order by role, nodeId", cluster.id)
                                    .stream()
                                    .map(NodeEntity::view)
                                    .toList();
                        });
    }

    public Node node(ProjectRef project, String id, String name) {
        return nodes(project, id).stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("node"));
    }

    public Endpoints endpoints(ProjectRef project, String id) {
        return QuarkusTransaction.joiningExisting()
                .call(
                        () -> {
                            var cluster = find(project, id);
                            if (cluster.caCertificate == null) {
                                throw ProblemException.retryable(
                                        409,
                                        "cluster_not_ready",
                                        "The cluster has no endpoints yet");
                            }
                            var servers =
                                    NodeEntity.<NodeEntity>list(
                                                    "clusterId = ?1 and role = ?2 order by nodeId",
                                                    cluster.id,
                                                    NodeRole.BROKER)
                                            .stream()
                                            .map(node -> node.address + ":" + NodePorts.CLIENT)
                                            .collect(Collectors.joining(","));
                            return new Endpoints(
                                    List.of(
                                            new Endpoints.Bootstrap(
                                                    "scram-sha-512", "SASL_SSL", servers)),
                                    cluster.caCertificate);
                        });
    }

    /** Runs in the caller's transaction. */
    Answer create(ProjectRef project, NewCluster body) {
        var request = ClusterRequest.check(body, catalog);
        projects.lock(project);
        long sameName =
                ClusterEntity.count(
                        "projectId = ?1 and name = ?2 and deletedAt is null",
                        project.id(),
                        request.name());
        if (sameName > 0) {
            var detail = "The project has a cluster of this name";
            throw ProblemException.conflict("name_taken", detail, new FieldError("/name", detail));
        }
        checkQuota(project, request.brokers());
        var cluster = persist(project, request);
        var operation =
                operations.start(
                        OperationType.CLUSTER_CREATE,
                        project,
                        cluster.id,
                        cluster.name,
                        caller.username());
        cluster.operationId = operation.id();
        operations.announce(operation, cluster.view());
        return Operations.accepted(project, operation);
    }

    /** Runs in the caller's transaction. Checks 404, 403, 428 and 412 in this order. */
    Answer delete(ProjectRef project, String id, String ifMatch) {
        var cluster = find(project, id);
        caller.require(Role.OPERATOR);
        ClusterEntity.getEntityManager().refresh(cluster, LockModeType.PESSIMISTIC_WRITE);
        if (cluster.deletedAt != null) {
            throw ProblemException.notFound("cluster");
        }
        EntityTags.require(ifMatch, cluster.generation);
        if (cluster.state == ClusterState.DELETING && cluster.operationId != null) {
            var running = operations.find(cluster.operationId);
            if (!running.state().isFinal()) {
                return Operations.accepted(project, running);
            }
        }
        operations.cancelUnfinished(cluster.id);
        cluster.state = ClusterState.DELETING;
        cluster.generation++;
        cluster.updatedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var operation =
                operations.start(
                        OperationType.CLUSTER_DELETE,
                        project,
                        cluster.id,
                        cluster.name,
                        caller.username());
        cluster.operationId = operation.id();
        operations.announce(operation, cluster.view());
        return Operations.accepted(project, operation);
    }

    private void checkQuota(ProjectRef project, int brokers) {
        Number used =
                (Number)
                        ClusterEntity.getEntityManager()
                                .createQuery(
                                        "select coalesce(sum(c.brokers), 0) from ClusterEntity c"
                                                + " where c.projectId = ?1 and c.deletedAt is null")
                                .setParameter(1, project.id())
                                .getSingleResult();
        long left = Catalog.BROKERS_PER_PROJECT - used.longValue();
        if (brokers > left) {
            var detail =
                    "The project may have %d brokers and has %d: at most %d more"
                            .formatted(
                                    Catalog.BROKERS_PER_PROJECT,
                                    used.longValue(),
                                    Math.max(0, left));
            throw ProblemException.conflict(
                    "quota_exceeded", detail, new FieldError("/brokers", detail));
        }
    }

    private ClusterEntity persist(ProjectRef project, ClusterRequest request) {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var cluster = new ClusterEntity();
        cluster.id = identifiers.next("clu");
        cluster.projectId = project.id();
        cluster.projectName = project.name();
        cluster.name = request.name();
        cluster.plan = request.plan().name();
        cluster.brokers = request.brokers();
        cluster.zookeeperNodes = request.zookeeperNodes();
        cluster.version = request.version();
        cluster.platform = configuration.platform();
        cluster.isolation = "process";
        cluster.generation = 1;
        cluster.state = ClusterState.CREATING;
        cluster.health = Health.UNKNOWN;
        cluster.createdAt = now;
        cluster.updatedAt = now;
        cluster.persist();
        for (int id = 0; id < request.brokers(); id++) {
            persistNode(cluster, NodeRole.BROKER, "broker-" + id, id);
        }
        for (int id = 1; id <= request.zookeeperNodes(); id++) {
            persistNode(cluster, NodeRole.ZOOKEEPER, "zookeeper-" + id, id);
        }
        ClusterEntity.flush();
        return cluster;
    }

    private static void persistNode(ClusterEntity cluster, NodeRole role, String name, int id) {
        var node = new NodeEntity();
        node.clusterId = cluster.id;
        node.name = name;
        node.role = role;
        node.nodeId = id;
        node.zone = "local-" + "abc".charAt(id % 3);
        node.version = cluster.version;
        node.persist();
    }

    private static ClusterEntity find(ProjectRef project, String id) {
        return ClusterEntity.<ClusterEntity>find(
                        "id = ?1 and projectId = ?2 and deletedAt is null", id, project.id())
                .firstResultOptional()
                .orElseThrow(() -> ProblemException.notFound("cluster"));
    }
}
