package io.penstock.controlplane.operations;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;

import io.agroal.api.AgroalDataSource;
import io.penstock.controlplane.platform.Notifications;
import io.penstock.controlplane.platform.PenstockConfiguration;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

import org.jboss.logging.Logger;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;

/**
 * Runs operations on db-scheduler: one task for each, revived when the replica that had picked it
 * is dead. Steps follow one another within an execution as long as none has to wait; each is
 * claimed anew. It is woken by NOTIFY and polls only for what was missed.
 */
@ApplicationScoped
public class OperationEngine {
    static final String TASK = "operation";
    static final String CHANNEL = "penstock_work";

    private static final Logger LOG = Logger.getLogger(OperationEngine.class);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING = Duration.ofMillis(500);

    private final AgroalDataSource database;
    private final OperationRunner runner;
    private final Notifications notifications;
    private final PenstockConfiguration.Engine settings;
    private final ReplicaLock replicaLock;
    private final Instance<BackgroundTask> background;
    private volatile Scheduler scheduler;
    private volatile boolean stopping;

    OperationEngine(
            @DataSource("engine") AgroalDataSource database,
            OperationRunner runner,
            Notifications notifications,
            PenstockConfiguration configuration,
            ReplicaLock replicaLock,
            Instance<BackgroundTask> background) {
        this.database = database;
        this.runner = runner;
        this.notifications = notifications;
        this.settings = configuration.engine();
        this.replicaLock = replicaLock;
        this.background = background;
    }

    void start(@Observes @Priority(2000) StartupEvent event) {
        if (settings.enabled()) {
            notifications.onWork(this::wake);
            start();
        }
    }

    void stop(@Observes @Priority(100) ShutdownEvent event) {
        stop();
    }

    synchronized void start() {
        stopping = false;
        replicaLock.join();
        scheduler = newScheduler();
        scheduler.start();
    }

    /** Steps that do not end by themselves at once are interrupted; the next start resumes them. */
    synchronized void stop() {
        if (scheduler != null) {
            stopping = true;
            scheduler.stop();
            scheduler = null;
            replicaLock.leave();
        }
    }

    /** Whether operations run here; true also where this replica is told not to run any. */
    boolean isReady() {
        var current = scheduler;
        return !settings.enabled()
                || (current != null
                        && current.getSchedulerState().isStarted()
                        && !current.getSchedulerState().isShuttingDown());
    }

    private Scheduler newScheduler() {
        Task<Void> operation =
                Tasks.custom(TASK, Void.class)
                        .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(2)))
                        .onDeadExecutionRevive()
                        .execute((instance, context) -> execute(instance.getId()));
        var builder =
                Scheduler.create(database, operation)
                        .serializer(new JacksonSerializer())
                        .schedulerName(new SchedulerName.Fixed("replica-" + UUID.randomUUID()))
                        .pollUsingLockAndFetch(0.5, 2.0)
                        .pollingInterval(POLLING)
                        .enableImmediateExecution()
                        .heartbeatInterval(settings.heartbeat())
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .shutdownMaxWait(Duration.ofSeconds(2))
                        .executorService(Executors.newVirtualThreadPerTaskExecutor());
        for (var task : background) {
            builder.startTasks(
                    Tasks.recurring(task.name(), FixedDelay.of(task.interval()))
                            .execute((instance, context) -> runQuietly(task)));
        }
        return builder.build();
    }

    private void wake() {
        var current = scheduler;
        if (current != null) {
            current.triggerCheckForDueExecutions();
        }
    }

    private static void runQuietly(BackgroundTask task) {
        try {
            task.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warnf(e, "Background task %s failed", task.name());
        }
    }

    private CompletionHandler<Void> execute(String operationId) {
        var tenant = tenantOf(operationId);
        if (tenant.isEmpty()) {
            return (complete, operations) -> operations.remove();
        }
        var next = runner.runNext(tenant.get(), operationId);
        while (next instanceof OperationRunner.Next.Ready && !stopping) {
            next = runner.runNext(tenant.get(), operationId);
        }
        return switch (next) {
            case OperationRunner.Next.Finished() ->
                    (complete, operations) -> {
                        operations.remove();
                        wakeQueue();
                    };
            case OperationRunner.Next.Again(Duration pause) ->
                    (complete, operations) ->
                            operations.reschedule(complete, Instant.now().plus(pause));
            case OperationRunner.Next.Ready() ->
                    (complete, operations) -> operations.reschedule(complete, Instant.now());
        };
    }

    /** What waited in the cluster's queue need not wait for its next look. */
    private void wakeQueue() {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement(
                                "update scheduled_tasks set execution_time = now()"
                                        + " where task_name = ? and not picked and execution_time > now()"
                                        + " and task_instance in (select id from operation where state = 'QUEUED')")) {
            statement.setString(1, TASK);
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.warnf("Queued operations start with the next poll: %s", e.getMessage());
        }
        wake();
    }

    private Optional<String> tenantOf(String operationId) {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement("select tenant from operation where id = ?")) {
            statement.setString(1, operationId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read operation " + operationId, e);
        }
    }
}
