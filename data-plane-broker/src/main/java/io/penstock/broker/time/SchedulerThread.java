package io.penstock.broker.time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread and the system's clock. */
public final class SchedulerThread implements Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerThread.class);

    private final String name;
    private final ScheduledThreadPoolExecutor thread;

    public SchedulerThread(String name) {
        this.name = name;
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name).factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(logged(task));
        } catch (RejectedExecutionException afterTheClose) {
            LOG.debug("a task came after the end of {}", name);
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> scheduled =
                    thread.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException afterTheClose) {
            LOG.debug("a task came after the end of {}", name);
            return () -> {};
        }
    }

    private Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task of {} failed", name, e);
            }
        };
    }

    @Override
    public void close(Duration grace) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)
                    && !grace.isZero()) {
                LOG.warn("a task of {} is still running after {} ms", name, grace.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
