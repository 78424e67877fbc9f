package io.penstock.broker.handler;

import io.penstock.broker.handler.ProduceHandler.PendingAcknowledgement;
import io.penstock.broker.replication.Partition;

import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A produce with acks=all whose records are not committed yet. Lives on one event loop: waiters,
 * woken on any thread, only pass the news on.
 */
final class DelayedProduce {

    private final List<PendingAcknowledgement> pending;
    private final ProduceResponseData response;
    private final List<Partition.Waiter> waiters = new ArrayList<>();
    private final CompletableFuture<ProduceResponseData> result = new CompletableFuture<>();
    private final boolean[] settled;
    private int unsettled;
    private ScheduledFuture<?> timeout;

    DelayedProduce(List<PendingAcknowledgement> pending, ProduceResponseData response) {
        this.pending = pending;
        this.response = response;
        this.settled = new boolean[pending.size()];
        this.unsettled = pending.size();
    }

    CompletableFuture<ProduceResponseData> start(ScheduledExecutorService loop, int timeoutMillis) {
        timeout = loop.schedule(this::onTimeout, Math.max(0, timeoutMillis), TimeUnit.MILLISECONDS);
        for (int i = 0; i < pending.size(); i++) {
            int index = i;
            Partition.Waiter waiter = () -> wake(loop, index);
            waiters.add(waiter);
            pending.get(i).partition().whenCommitted(pending.get(i).offset(), waiter);
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

    /** The connection is gone; the records stay, and nobody waits for their commit. */
    private void forgetIfCancelled() {
        if (result.isCancelled()) {
            timeout.cancel(false);
            for (int i = 0; i < pending.size(); i++) {
                pending.get(i).partition().forget(waiters.get(i));
            }
        }
    }

    /** Notes the outcome if there is one; empty then, else what is still waited for. */
    static Optional<PendingAcknowledgement> settled(PendingAcknowledgement pending) {
        Errors error =
                switch (pending.partition().acknowledgement(pending.epoch(), pending.offset())) {
                    case COMMITTED -> Errors.NONE;
                    case PENDING -> null;
                    case NOT_ENOUGH_REPLICAS -> Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
                    case NOT_LEADER -> Errors.NOT_LEADER_OR_FOLLOWER;
                };
        if (error == null) {
            return Optional.of(pending);
        }
        if (error != Errors.NONE) {
            ProduceHandler.refuse(pending.response(), error, null);
        }
        return Optional.empty();
    }

    private void settle(int index) {
        if (settled[index] || result.isDone()) {
            return;
        }
        PendingAcknowledgement each = pending.get(index);
        if (settled(each).isPresent()) {
            each.partition().whenCommitted(each.offset(), waiters.get(index));
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
        for (int i = 0; i < pending.size(); i++) {
            if (!settled[i]) {
                settled[i] = true;
                pending.get(i).partition().forget(waiters.get(i));
                ProduceHandler.refuse(
                        pending.get(i).response(),
                        Errors.REQUEST_TIMED_OUT,
                        "The records were not replicated in time");
            }
        }
        result.complete(response);
    }
}
