package io.penstock.broker.simulation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An answer that comes later; who waits for it does so on virtual time. */
final class SimulatedAnswer<T> extends CompletableFuture<T> {

    private final SimulatedProcess process;

    SimulatedAnswer(SimulatedProcess process) {
        this.process = process;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new SimulatedAnswer<>(process);
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        process.await(this, Duration.ofNanos(unit.toNanos(timeout)));
        return super.get(0, unit);
    }

    /** Every wait must have a limit. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireDone();
        return super.get();
    }

    @Override
    public T join() {
        requireDone();
        return super.join();
    }

    private void requireDone() {
        if (!isDone()) {
            throw new IllegalStateException("waits without a limit");
        }
    }
}
