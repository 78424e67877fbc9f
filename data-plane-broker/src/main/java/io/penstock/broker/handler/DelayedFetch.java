package io.penstock.broker.handler;

import io.penstock.broker.handler.FetchSession.FetchedPartition;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.Isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A fetch that perhaps waits. It reads; if that is too little, it gives back what it read, hangs a
 * waiter on each of its partitions where its reading ended, and reads again when one of them wakes
 * it. Lives on one event loop: waiters, woken on any thread, only pass the news on. Cancelled when
 * its connection ends, on that loop too.
 */
final class DelayedFetch {

    private final FetchReader reader;
    private final RequestContext context;
    private final Limits limits;
    private final List<FetchPartition> wanted;
    private final List<Registration> registrations = new ArrayList<>();
    private final AtomicBoolean readingSoon = new AtomicBoolean();
    private final CompletableFuture<FetchReader.Outcome> result = new CompletableFuture<>();
    private ScheduledExecutorService loop;
    private ScheduledFuture<?> timeout;

    /**
     * @param maxBytes of the whole response
     * @param rack the client's, or empty
     */
    record Limits(
            int minBytes, int maxBytes, int maxWaitMillis, Isolation isolation, String rack) {}

    private record Registration(Partition partition, Partition.Waiter waiter) {}

    DelayedFetch(
            FetchReader reader,
            RequestContext context,
            Limits limits,
            List<FetchPartition> wanted) {
        this.reader = reader;
        this.context = context;
        this.limits = limits;
        this.wanted = wanted;
    }

    CompletableFuture<FetchReader.Outcome> start(ScheduledExecutorService eventLoop) {
        loop = eventLoop;
        boolean patient = limits.maxWaitMillis() > 0 && !wanted.isEmpty();
        FetchReader.Outcome outcome = read();
        if (!patient || isEnough(outcome)) {
            result.complete(outcome);
            return result;
        }
        timeout = loop.schedule(this::finish, limits.maxWaitMillis(), TimeUnit.MILLISECONDS);
        result.whenComplete(
                (ignored, failure) -> {
                    if (result.isCancelled()) {
                        timeout.cancel(false);
                        forgetWaiters();
                    }
                });
        await(outcome);
        return result;
    }

    private FetchReader.Outcome read() {
        return reader.read(context, wanted, limits.maxBytes(), limits.isolation(), limits.rack());
    }

    private boolean isEnough(FetchReader.Outcome outcome) {
        return outcome.failed() || outcome.bytes() >= limits.minBytes();
    }

    /** Waits from where the reading ended: what came since then wakes at once. */
    private void await(FetchReader.Outcome outcome) {
        outcome.release();
        Partition.Waiter waiter = this::wake;
        for (FetchedPartition each : outcome.fetched()) {
            Optional<Partition> partition = reader.readable(context, each.wanted());
            if (partition.isEmpty()) {
                wake();
                return;
            }
            registrations.add(new Registration(partition.get(), waiter));
            partition
                    .get()
                    .whenReadable(
                            Math.max(each.wanted().fetchOffset(), endSeen(each)),
                            limits.isolation(),
                            waiter);
        }
    }

    private long endSeen(FetchedPartition fetched) {
        return limits.isolation() == Isolation.READ_COMMITTED
                ? fetched.data().lastStableOffset()
                : fetched.data().highWatermark();
    }

    private void wake() {
        if (!readingSoon.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(this::readAgain);
        } catch (RejectedExecutionException e) {
            // The loop has stopped, and with it the connection that waited.
            result.cancel(false);
        }
    }

    private void readAgain() {
        if (result.isDone()) {
            return;
        }
        forgetWaiters();
        readingSoon.set(false);
        FetchReader.Outcome outcome = read();
        if (isEnough(outcome)) {
            complete(outcome);
        } else {
            await(outcome);
        }
    }

    private void finish() {
        if (!result.isDone()) {
            complete(read());
        }
    }

    private void complete(FetchReader.Outcome outcome) {
        timeout.cancel(false);
        forgetWaiters();
        if (!result.complete(outcome)) {
            outcome.release();
        }
    }

    private void forgetWaiters() {
        registrations.forEach(each -> each.partition().forget(each.waiter()));
        registrations.clear();
    }
}
