package io.penstock.broker.network;

import io.netty.channel.EventLoop;
import io.penstock.broker.time.Scheduler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks on an event loop, between what happens on its connections. Closing it changes nothing:
 * the loop belongs to others.
 */
public record EventLoopScheduler(ScheduledExecutorService loop) implements Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoopScheduler.class);

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("a task came after the end of {}", loop);
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> scheduled =
                    loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("a task came after the end of {}", loop);
            return () -> {};
        }
    }

    @Override
    public void close(Duration grace) {}

    /** Whether the scheduler runs on that loop. */
    public boolean runsOn(EventLoop other) {
        return loop == other;
    }
}
