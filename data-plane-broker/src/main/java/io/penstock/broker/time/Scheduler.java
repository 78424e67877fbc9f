package io.penstock.broker.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * Carries out tasks one after the other, now or later: what else would be a thread with a loop.
 * Whoever needs one gets it from outside, so that a simulation can run all of them in one thread on
 * virtual time. A task that fails is logged and harms no other. After the close tasks are dropped
 * silently, and delayed ones do not run any more.
 */
public interface Scheduler extends Executor, AutoCloseable {

    /** Makes schedulers, each with an order of its own. */
    @FunctionalInterface
    interface Factory {
        /**
         * @param name says in logs and thread dumps what runs there
         */
        Scheduler create(String name);
    }

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Cancellable {
        /** Harmless when the task has run already. */
        void cancel();
    }

    /** Runs the task after those that were given before, never within this call. */
    @Override
    void execute(Runnable task);

    Cancellable schedule(Duration delay, Runnable task);

    /**
     * Drops what has not begun, and gives a running task some time to end; it is not interrupted.
     */
    void close(Duration grace);

    /** As {@link #close(Duration)} without waiting; also from a task of this scheduler. */
    @Override
    default void close() {
        close(Duration.ZERO);
    }

    /**
     * The same future, which fails with {@link TimeoutException} if it is not done in time.
     *
     * @return the future that was given
     */
    default <T> CompletableFuture<T> limit(CompletableFuture<T> future, Duration limit) {
        if (!future.isDone()) {
            Cancellable timer =
                    schedule(
                            limit,
                            () ->
                                    future.completeExceptionally(
                                            new TimeoutException(
                                                    "not done within "
                                                            + limit.toMillis()
                                                            + " ms")));
            future.whenComplete((done, failure) -> timer.cancel());
        }
        return future;
    }
}
