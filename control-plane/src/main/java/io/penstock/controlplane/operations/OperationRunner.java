package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.platform.PenstockConfiguration;
import io.penstock.controlplane.tenancy.TenantScope;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Executes the next step of an operation, once. What was executed is written by claim: each
 * execution raises the operation's epoch, and a write under an older one has no effect. Operations
 * of a cluster run one after another in the order of their ids.
 */
@ApplicationScoped
public class OperationRunner {
    private static final Logger LOG = Logger.getLogger(OperationRunner.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration QUEUE_PAUSE = Duration.ofSeconds(1);

    private final Operations operations;
    private final PenstockConfiguration.Engine settings;

    OperationRunner(Operations operations, PenstockConfiguration configuration) {
        this.operations = operations;
        this.settings = configuration.engine();
    }

    /** What is to be done about the operation next. */
    public sealed interface Next {
        /** The step after it may start at once. */
        record Ready() implements Next {}

        record Again(Duration pause) implements Next {}

        record Finished() implements Next {}
    }

    private sealed interface Claimed {
        record Ready(OperationClaim claim, Step step) implements Claimed {}

        record NotNow(Next next) implements Claimed {}
    }

    public Next runNext(String tenant, String operationId) {
        return TenantScope.asTenant(tenant, () -> run(tenant, operationId));
    }

    private Next run(String tenant, String operationId) {
        return switch (claim(tenant, operationId)) {
            case Claimed.NotNow(Next next) -> next;
            case Claimed.Ready(OperationClaim claim, Step step) -> execute(claim, step);
        };
    }

    private Claimed claim(String tenant, String operationId) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            OperationEntity seen = OperationEntity.findById(operationId);
                            if (seen == null) {
                                return new Claimed.NotNow(new Next.Finished());
                            }
                            operations.lockCluster(seen.clusterId);
                            OperationEntity.getEntityManager().refresh(seen);
                            return claimLocked(tenant, seen);
                        });
    }

    private Claimed claimLocked(String tenant, OperationEntity operation) {
        if (operation.state.isFinal()) {
            return new Claimed.NotNow(new Next.Finished());
        }
        long before =
                OperationEntity.count(
                        "clusterId = ?1 and id < ?2 and endedAt is null",
                        operation.clusterId,
                        operation.id);
        if (before > 0) {
            return new Claimed.NotNow(new Next.Again(QUEUE_PAUSE));
        }
        operation.epoch = operations.nextEpoch(operation.clusterId);
        var now = Operations.now();
        if (operation.cancelRequested) {
            end(operation, OperationState.CANCELLED, null, null);
            return new Claimed.NotNow(new Next.Finished());
        }
        if (operation.startedAt == null) {
            operation.startedAt = now;
        }
        operation.state = OperationState.RUNNING;
        var next = operation.nextStep();
        if (next.isEmpty()) {
            succeed(operation);
            return new Claimed.NotNow(new Next.Finished());
        }
        var row = next.get();
        row.state = StepState.RUNNING;
        row.attempt++;
        if (row.startedAt == null) {
            row.startedAt = now;
        }
        operations.announce(operation);
        var step = operations.definition(operation.type).steps().get(row.position);
        return new Claimed.Ready(
                new OperationClaim(
                        operation.id,
                        tenant,
                        operation.clusterId,
                        operation.type,
                        row.position,
                        operation.epoch),
                step);
    }

    private Next execute(OperationClaim claim, Step step) {
        try {
            var detail = step.execute(new StepContext(operations, claim, step));
            return write(claim, operation -> stepSucceeded(operation, claim, detail));
        } catch (Fenced e) {
            LOG.infof("%s: this one stops", e.getMessage());
            return new Next.Finished();
        } catch (OperationCancelled e) {
            return write(
                    claim,
                    operation -> {
                        stepEnded(operation, claim, StepState.FAILED, "Cancelled");
                        end(operation, OperationState.CANCELLED, null, null);
                        return new Next.Finished();
                    });
        } catch (StepFailure e) {
            return write(claim, operation -> fail(operation, claim, e.code(), e.getMessage()));
        } catch (InterruptedException e) {
            // This replica stops: the step is left as it is and resumed by whoever comes next. The
            // thread stays uninterrupted, for what it still has to do is to put the task back.
            LOG.infof("Operation %s: step %s is cut off", claim.operationId(), step.name());
            return new Next.Again(Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.warnf(e, "Operation %s: step %s failed", claim.operationId(), step.name());
            return write(claim, operation -> tryAgain(operation, claim, step, describe(e)));
        }
    }

    private interface Write {
        Next apply(OperationEntity operation);
    }

    private Next write(OperationClaim claim, Write write) {
        try {
            return QuarkusTransaction.requiringNew()
                    .call(() -> write.apply(operations.locked(claim)));
        } catch (Fenced e) {
            LOG.infof("%s: this one stops", e.getMessage());
            return new Next.Finished();
        }
    }

    private Next stepSucceeded(OperationEntity operation, OperationClaim claim, String detail) {
        stepEnded(operation, claim, StepState.SUCCEEDED, detail);
        if (operation.nextStep().isEmpty()) {
            succeed(operation);
            return new Next.Finished();
        }
        operations.announce(operation);
        return new Next.Ready();
    }

    private Next tryAgain(
            OperationEntity operation, OperationClaim claim, Step step, String reason) {
        if (operation.cancelRequested) {
            stepEnded(operation, claim, StepState.FAILED, "Cancelled");
            end(operation, OperationState.CANCELLED, null, null);
            return new Next.Finished();
        }
        var row = operation.steps.get(claim.position());
        row.failures++;
        if (row.failures >= settings.attempts()) {
            return fail(operation, claim, step.name() + "_failed", reason);
        }
        row.detail =
                "Attempt %d of %d failed: %s".formatted(row.failures, settings.attempts(), reason);
        operations.announce(operation);
        return new Next.Again(pause(row.failures));
    }

    private Next fail(OperationEntity operation, OperationClaim claim, String code, String detail) {
        stepEnded(operation, claim, StepState.FAILED, detail);
        end(operation, OperationState.FAILED, code, detail);
        operations.definition(operation.type).failed(operation.clusterId);
        return new Next.Finished();
    }

    private void succeed(OperationEntity operation) {
        end(operation, OperationState.SUCCEEDED, null, null);
        operations.definition(operation.type).succeeded(operation.clusterId);
    }

    private static void stepEnded(
            OperationEntity operation, OperationClaim claim, StepState state, String detail) {
        var row = operation.steps.get(claim.position());
        row.state = state;
        row.endedAt = Operations.now();
        row.detail = detail;
    }

    private void end(OperationEntity operation, OperationState state, String code, String detail) {
        operation.state = state;
        operation.endedAt = Operations.now();
        operation.errorCode = code;
        operation.errorDetail = detail;
        operations.announce(operation);
    }

    /** Doubles with each failure, up to a limit, with jitter of half. */
    private Duration pause(int failures) {
        long millis = settings.retryPause().toMillis() << Math.min(failures - 1, 10);
        long bounded = Math.min(millis, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(
                bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
    }

    /** For the tenant: messages of our own; those of libraries may tell what is not theirs. */
    private static String describe(RuntimeException e) {
        var ours =
                e instanceof ProblemException
                        || e instanceof StepContext.StepTimeout
                        || e.getClass() == IllegalStateException.class;
        if (!ours || e.getMessage() == null) {
            return "Something went wrong in the service; its log says what";
        }
        var message = e.getMessage();
        return message.length() > 500 ? message.substring(0, 500) + "…" : message;
    }
}
