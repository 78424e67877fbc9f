package io.penstock.broker.controller;

import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Submits to whichever broker is the controller, and waits until this broker's own image shows what
 * was done. Asks again only after an attempt that has certainly done nothing.
 */
final class ForwardingChannel implements ControllerChannel {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardingChannel.class);
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 500;

    /** Only a bound: attempts end by themselves at the deadline. */
    private static final long GRACE_MILLIS = 1_000;

    private final MetadataFollower follower;
    private final ImageCache cache;
    private final ProducerIdBlocks producerIds;
    private final Scheduler scheduler;
    private final Clock clock;

    ForwardingChannel(
            MetadataFollower follower,
            ImageCache cache,
            ProducerIdBlocks producerIds,
            Scheduler scheduler,
            Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.follower = follower;
        this.cache = cache;
        this.producerIds = producerIds;
    }

    @Override
    public CompletableFuture<ApiMessage> submit(
            ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
        if (!ControllerCore.ADMINISTRATIVE.contains(apiKey)) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("the controller does not take " + apiKey));
        }
        return submit(new ControllerEvent.Administration(apiKey, version, request), timeoutMillis)
                .thenApply(submitted -> submitted.reply().orElseThrow());
    }

    CompletableFuture<ControllerGateway.Submitted> submit(
            ControllerEvent event, long timeoutMillis) {
        long deadline = clock.monotonicMillis() + timeoutMillis;
        return attempt(event, deadline, FIRST_RETRY_MILLIS)
                .thenCompose(
                        submitted ->
                                cache.awaitPosition(submitted.position(), left(deadline))
                                        .thenApply(reached -> submitted))
                .exceptionallyCompose(
                        failure -> {
                            Throwable cause = cause(failure);
                            if (cause instanceof TimeoutException) {
                                return CompletableFuture.failedFuture(cause);
                            }
                            LOG.debug("no answer from the controller", cause);
                            return CompletableFuture.failedFuture(
                                    new TimeoutException(
                                            "the controller did not confirm the request within "
                                                    + timeoutMillis
                                                    + " ms; it may have been carried out",
                                            cause));
                        });
    }

    private CompletableFuture<ControllerGateway.Submitted> attempt(
            ControllerEvent event, long deadline, long retryMillis) {
        Optional<ControllerGateway> controller = follower.gateway();
        CompletableFuture<ControllerGateway.Submitted> answer =
                controller.isPresent()
                        ? controller.get().submit(event, left(deadline))
                        : CompletableFuture.failedFuture(new NotController());
        return answer.exceptionallyCompose(
                failure -> {
                    Throwable cause = cause(failure);
                    boolean nothingDone =
                            cause instanceof NotController || cause instanceof PeerLink.Unreachable;
                    if (!nothingDone) {
                        return CompletableFuture.failedFuture(cause);
                    }
                    if (left(deadline) <= retryMillis) {
                        return CompletableFuture.failedFuture(
                                new TimeoutException("no controller is reachable", cause));
                    }
                    CompletableFuture<ControllerGateway.Submitted> next = new CompletableFuture<>();
                    scheduler.schedule(
                            Duration.ofMillis(retryMillis),
                            () ->
                                    attempt(
                                                    event,
                                                    deadline,
                                                    Math.min(2 * retryMillis, LAST_RETRY_MILLIS))
                                            .whenComplete(
                                                    (done, refusal) -> pass(done, refusal, next)));
                    return scheduler.limit(next, Duration.ofMillis(left(deadline) + GRACE_MILLIS));
                });
    }

    private static <T> void pass(T done, Throwable failure, CompletableFuture<T> to) {
        if (failure == null) {
            to.complete(done);
        } else {
            to.completeExceptionally(failure);
        }
    }

    private long left(long deadline) {
        return Math.max(1, deadline - clock.monotonicMillis());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    @Override
    public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
        return producerIds.next();
    }
}
