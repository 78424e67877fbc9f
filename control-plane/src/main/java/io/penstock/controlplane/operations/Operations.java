package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.Answer;
import io.penstock.controlplane.api.PageRequest;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.RequestContext;
import io.penstock.controlplane.installation.Identifiers;
import io.penstock.controlplane.installation.Notifications;
import io.penstock.controlplane.tenancy.ProjectRef;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.EntityManager;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Operations as callers see them, and what an execution may write about its own. */
@ApplicationScoped
public class Operations {
    private static final int LONGEST_LINE = 2_000;

    private final EntityManager entities;
    private final Identifiers identifiers;
    private final RequestContext request;
    private final Events events;
    private final Notifications notifications;
    private final Map<OperationType, OperationDefinition> definitions;

    enum Interruption {
        NONE,
        CANCELLED,
        FENCED
    }

    Operations(
            EntityManager entities,
            Identifiers identifiers,
            RequestContext request,
            Events events,
            Notifications notifications,
            Instance<OperationDefinition> definitions) {
        this.entities = entities;
        this.identifiers = identifiers;
        this.request = request;
        this.events = events;
        this.notifications = notifications;
        this.definitions =
                definitions.stream()
                        .collect(Collectors.toMap(OperationDefinition::type, Function.identity()));
    }

    OperationDefinition definition(OperationType type) {
        return definitions.get(type);
    }

    /**
     * Records an operation and hands it to the engine, in the caller's transaction: both or neither
     * are there after it.
     */
    public Operation start(
            OperationType type,
            ProjectRef project,
            String clusterId,
            String clusterName,
            String actor) {
        var operation = new OperationEntity();
        operation.id = identifiers.next("op");
        operation.projectId = project.id();
        operation.clusterId = clusterId;
        operation.clusterName = clusterName;
        operation.type = type;
        operation.state = OperationState.QUEUED;
        operation.actor = actor;
        operation.requestId = request.requestId();
        operation.createdAt = now();
        int position = 0;
        for (var step : definition(type).steps()) {
            var row = new OperationStepEntity();
            row.operation = operation;
            row.position = position++;
            row.name = step.name();
            row.title = step.title();
            operation.steps.add(row);
        }
        operation.persist();
        entities.flush();
        entities.createNativeQuery(
                        "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                                + " values (?1, ?2, now(), false, 1) on conflict do nothing")
                .setParameter(1, OperationEngine.TASK)
                .setParameter(2, operation.id)
                .executeUpdate();
        entities.createNativeQuery("select cast(pg_notify(?1, '') as text)")
                .setParameter(1, OperationEngine.CHANNEL)
                .getResultList();
        return operation.view();
    }

    /** Where the operation is followed, and itself as it is now. */
    public static Answer accepted(ProjectRef project, Operation operation) {
        return Answer.accepted(
                operation, "/api/v1/projects/" + project.id() + "/operations/" + operation.id());
    }

    /** Tells of a new operation and of what it made of its cluster, in the caller's transaction. */
    public void announce(Operation operation, ClusterView cluster) {
        events.operationUpdated(cluster.id(), operation);
        events.clusterUpdated(cluster);
    }

    /** Asks the cluster's unfinished operations to end early, in the caller's transaction. */
    public void cancelUnfinished(String clusterId) {
        for (OperationEntity operation :
                OperationEntity.<OperationEntity>list(
                        "clusterId = ?1 and endedAt is null", clusterId)) {
            operation.cancelRequested = true;
            operation.state = OperationState.CANCELLING;
            events.operationUpdated(clusterId, operation.view());
        }
    }

    public Operation find(String id) {
        OperationEntity operation = OperationEntity.findById(id);
        return operation.view();
    }

    public OperationList list(String clusterId, PageRequest page) {
        return QuarkusTransaction.joiningExisting()
                .call(
                        () -> {
                            List<OperationEntity> rows =
                                    OperationEntity.<OperationEntity>find(
                                                    "clusterId = ?1 and id < ?2 order by id desc",
                                                    clusterId,
                                                    page.after() == null ? "~" : page.after())
                                            .page(0, page.oneMore())
                                            .list();
                            var result = page.page(rows, row -> row.id);
                            return new OperationList(
                                    result.items().stream().map(OperationEntity::view).toList(),
                                    result.nextPageToken());
                        });
    }

    /** Answers when the operation has ended, or what it is when the time is over. */
    public Operation await(ProjectRef project, String id, Duration wait) {
        var deadline = Instant.now().plus(wait);
        var operation = read(project, id);
        try (var changes = notifications.subscribe(operation.target().clusterId())) {
            operation = read(project, id);
            while (!operation.state().isFinal()
                    && notifications.isRunning()
                    && changes.await(deadline)) {
                operation = read(project, id);
            }
            // What was changed while no notification could come is seen here.
            return operation.state().isFinal() ? operation : read(project, id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return operation;
        }
    }

    private static Operation read(ProjectRef project, String id) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () ->
                                OperationEntity.<OperationEntity>find(
                                                "id = ?1 and projectId = ?2", id, project.id())
                                        .firstResultOptional()
                                        .map(OperationEntity::view)
                                        .orElseThrow(() -> ProblemException.notFound("operation")));
    }

    Interruption interruption(OperationClaim claim) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            OperationEntity operation =
                                    OperationEntity.findById(claim.operationId());
                            if (operation.epoch != claim.epoch() || operation.endedAt != null) {
                                return Interruption.FENCED;
                            }
                            return operation.cancelRequested
                                    ? Interruption.CANCELLED
                                    : Interruption.NONE;
                        });
    }

    void log(OperationClaim claim, String line) {
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            locked(claim);
                            events.operationLog(
                                    claim.clusterId(), claim.operationId(), shorten(line));
                        });
    }

    private static String shorten(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    void detail(OperationClaim claim, String detail) {
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var operation = locked(claim);
                            operation.steps.get(claim.position()).detail = detail;
                            announce(operation);
                        });
    }

    /**
     * The claim's operation, if no other execution has taken it over. The cluster's row is locked
     * first, here and everywhere, so that no two transactions wait for each other.
     */
    OperationEntity locked(OperationClaim claim) {
        lockCluster(claim.clusterId());
        OperationEntity operation = OperationEntity.findById(claim.operationId());
        if (operation.epoch != claim.epoch() || operation.endedAt != null) {
            throw new Fenced(claim.operationId());
        }
        return operation;
    }

    void lockCluster(String clusterId) {
        entities.createNativeQuery("select id from cluster where id = ?1 for update", String.class)
                .setParameter(1, clusterId)
                .getSingleResult();
    }

    /** Counts the executions of a cluster's operations, so that the newest is known everywhere. */
    long nextEpoch(String clusterId) {
        return ((Number)
                        entities.createNativeQuery(
                                        "update cluster set epoch = epoch + 1 where id = ?1 returning epoch",
                                        Long.class)
                                .setParameter(1, clusterId)
                                .getSingleResult())
                .longValue();
    }

    void announce(OperationEntity operation) {
        entities.flush();
        events.operationUpdated(operation.clusterId, operation.view());
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
