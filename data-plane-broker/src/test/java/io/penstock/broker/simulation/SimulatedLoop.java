package io.penstock.broker.simulation;

import io.penstock.broker.time.Scheduler;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler as request handlers know an event loop. */
final class SimulatedLoop extends AbstractExecutorService implements ScheduledExecutorService {

    private final Scheduler scheduler;

    SimulatedLoop(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    private static final class Task<T> extends CompletableFuture<T> implements ScheduledFuture<T> {
        private Scheduler.Cancellable timer;

        @Override
        public boolean cancel(boolean mayInterrupt) {
            timer.cancel();
            return super.cancel(mayInterrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException("nobody asks");
        }
    }

    @Override
    public void execute(Runnable command) {
        scheduler.execute(command);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return null;
                },
                delay,
                unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Task<V> task = new Task<>();
        task.timer =
                scheduler.schedule(
                        Duration.ofNanos(unit.toNanos(delay)),
                        () -> {
                            try {
                                task.complete(callable.call());
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
            Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("handlers do not");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("handlers do not");
    }

    @Override
    public void shutdown() {
        scheduler.close();
    }

    @Override
    public List<Runnable> shutdownNow() {
        scheduler.close();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
