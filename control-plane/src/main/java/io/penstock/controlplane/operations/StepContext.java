package io.penstock.controlplane.operations;

import io.penstock.controlplane.tenancy.TenantScope;

import org.jboss.logging.Logger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a step acts on, and its ways to report, wait and hear that it is cancelled. */
public final class StepContext implements StepProgress {
    private static final Logger LOG = Logger.getLogger(StepContext.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Operations operations;
    private final OperationClaim claim;
    private final Step step;
    private final Instant started = Instant.now();
    private boolean alarmed;

    StepContext(Operations operations, OperationClaim claim, Step step) {
        this.operations = operations;
        this.claim = claim;
        this.step = step;
    }

    public String clusterId() {
        return claim.clusterId();
    }

    public String tenant() {
        return claim.tenant();
    }

    @Override
    public long epoch() {
        return claim.epoch();
    }

    /** Called from whichever thread reads the output of what the step runs. */
    @Override
    public void log(String line) {
        TenantScope.asTenant(claim.tenant(), () -> operations.log(claim, line));
    }

    /** Called from a watching thread while the step's own thread waits. */
    @Override
    public boolean isCancelled() {
        return TenantScope.asTenant(claim.tenant(), () -> operations.interruption(claim))
                != Operations.Interruption.NONE;
    }

    /**
     * Waits until nothing is pending.
     *
     * @param pending what is still waited for, or empty when it is there
     * @throws StepTimeout after the step's timeout
     */
    public void await(Supplier<Optional<String>> pending) throws InterruptedException {
        String told = null;
        while (true) {
            switch (operations.interruption(claim)) {
                case CANCELLED -> throw new OperationCancelled();
                case FENCED -> throw new Fenced(claim.operationId());
                case NONE -> {}
            }
            var waitingFor = pending.get();
            if (waitingFor.isEmpty()) {
                return;
            }
            if (!waitingFor.get().equals(told)) {
                told = waitingFor.get();
                operations.detail(claim, told);
            }
            checkTime(told);
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    private void checkTime(String waitingFor) {
        var elapsed = Duration.between(started, Instant.now());
        if (elapsed.compareTo(step.timeout()) > 0) {
            throw new StepTimeout(
                    "%s took longer than %d s: %s"
                            .formatted(step.title(), step.timeout().toSeconds(), waitingFor));
        }
        if (!alarmed && elapsed.compareTo(step.deadline()) > 0) {
            alarmed = true;
            LOG.warnf(
                    "Operation %s: step %s is past its deadline of %d s: %s",
                    claim.operationId(), step.name(), step.deadline().toSeconds(), waitingFor);
            log("%s takes longer than expected: %s".formatted(step.title(), waitingFor));
        }
    }

    /** An attempt that took too long; it is tried again as long as attempts are left. */
    static final class StepTimeout extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StepTimeout(String message) {
            super(message);
        }
    }
}
