package io.penstock.broker.handler;

import io.penstock.broker.replication.Partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A response of which some partitions' parts are not known yet. Lives on one event loop: waiters,
 * woken on any thread, only pass the news on.
 *
 * @param <R> the response, which the parts fill in
 */
final class DelayedAnswer<R> {

    /** What is still to be known of one partition. */
    interface Part {

        Partition partition();

        /** Has the waiter woken when {@link #settle} may have another outcome, perhaps at once. */
        void await(Partition.Waiter waiter);

        /** Notes the outcome in the response, if there is one by now; whether there was. */
        boolean settle();

        /** Notes that it took too long. */
        void timeOut();
    }

    private final List<? extends Part> parts;
    private final R response;
    private final List<Partition.Waiter> waiters = new ArrayList<>();
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final boolean[] settled;
    private int unsettled;
    private ScheduledFuture<?> timeout;

    /**
     * @param parts at least one, none of them settled
     */
    DelayedAnswer(List<? extends Part> parts, R response) {
        this.parts = parts;
        this.response = response;
        this.settled = new boolean[parts.size()];
        this.unsettled = parts.size();
    }

    /** To be called on the loop. The answer is never complete when this returns. */
    CompletableFuture<R> start(ScheduledExecutorService loop, int timeoutMillis) {
        timeout = loop.schedule(this::onTimeout, Math.max(0, timeoutMillis), TimeUnit.MILLISECONDS);
        for (int i = 0; i < parts.size(); i++) {
            int index = i;
            Partition.Waiter waiter = () -> wake(loop, index);
            waiters.add(waiter);
            parts.get(i).await(waiter);
        }
        result.whenComplete((ignored, failure) -> forgetIfCancelled());
        return result;
    }

    private void wake(ScheduledExecutorService loop, int index) {
        try {
            loop.execute(() -> settle(index));
        } catch (RejectedExecutionException e) {
            // The loop has stopped, and with it the connection that waited.
            result.cancel(false);
        }
    }

    /** The connection is gone; what was done stays, and nobody waits for its end. */
    private void forgetIfCancelled() {
        if (result.isCancelled()) {
            timeout.cancel(false);
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).partition().forget(waiters.get(i));
            }
        }
    }

    private void settle(int index) {
        if (settled[index] || result.isDone()) {
            return;
        }
        if (!parts.get(index).settle()) {
            parts.get(index).await(waiters.get(index));
            return;
        }
        settled[index] = true;
        unsettled--;
        if (unsettled == 0) {
            timeout.cancel(false);
            result.complete(response);
        }
    }

    private void onTimeout() {
        for (int i = 0; i < parts.size(); i++) {
            if (!settled[i]) {
                settled[i] = true;
                parts.get(i).partition().forget(waiters.get(i));
                parts.get(i).timeOut();
            }
        }
        result.complete(response);
    }
}
