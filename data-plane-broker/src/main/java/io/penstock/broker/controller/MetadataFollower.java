package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/**
 * Asks the controller, whichever it is, for what comes after this broker's image, and swaps the
 * image: one question at a time, the next when the image is swapped. Streams of an earlier
 * controller than the newest that was seen are refused.
 */
final class MetadataFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataFollower.class);
    private static final long MAX_WAIT_MILLIS = 10_000;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration FIRST_RETRY = Duration.ofMillis(20);
    private static final Duration LAST_RETRY = Duration.ofSeconds(1);
    private static final int FAILURES_BEFORE_WARNING = 5;
    private static final long WARNING_INTERVAL_MILLIS = 30_000;

    /** One controller as it is followed; an answer of an earlier turn is not heard. */
    private record Turn(Optional<ControllerGateway> gateway, int epoch) {}

    private final ImageCache cache;
    private final Scheduler scheduler;
    private final Clock clock;
    private final IntConsumer onBroken;
    private volatile Turn current = new Turn(Optional.empty(), -1);

    /** Only tasks of the scheduler touch what follows. */
    private Turn asked;

    private boolean started;
    private int newestEpoch = -1;
    private Duration retry = FIRST_RETRY;
    private int failures;
    private long nextWarningMillis;

    /**
     * @param onBroken told the epoch of the controller to which the connection broke
     */
    MetadataFollower(ImageCache cache, Scheduler scheduler, Clock clock, IntConsumer onBroken) {
        this.onBroken = onBroken;
        this.cache = cache;
        this.scheduler = scheduler;
        this.clock = clock;
        this.nextWarningMillis = clock.monotonicMillis();
    }

    void start() {
        scheduler.execute(
                () -> {
                    started = true;
                    ask();
                });
    }

    /** The controller of this epoch, or none at the moment; the earlier one is closed. */
    synchronized void turnTo(Optional<ControllerGateway> next, int epoch) {
        Turn before = current;
        current = new Turn(next, epoch);
        before.gateway().ifPresent(ControllerGateway::close);
        scheduler.execute(
                () -> {
                    newestEpoch = Math.max(newestEpoch, epoch);
                    retry = FIRST_RETRY;
                    ask();
                });
    }

    Optional<ControllerGateway> gateway() {
        return current.gateway();
    }

    private void ask() {
        Turn turn = current;
        if (!started || turn.gateway().isEmpty() || turn.equals(asked)) {
            return;
        }
        asked = turn;
        ask(turn);
    }

    private void ask(Turn turn) {
        if (!turn.equals(current)) {
            return;
        }
        ClusterImage base = cache.current();
        scheduler
                .limit(
                        turn.gateway().orElseThrow().fetch(base.position(), MAX_WAIT_MILLIS),
                        ANSWER_LIMIT)
                .thenComposeAsync(fetched -> take(turn, base, fetched), scheduler)
                .whenCompleteAsync((done, failure) -> next(turn, failure), scheduler);
    }

    private CompletableFuture<Void> take(Turn turn, ClusterImage base, DeltaLog.Fetched fetched) {
        if (fetched.position().controllerEpoch() < newestEpoch) {
            throw new IllegalStateException(
                    "a stream of controller epoch "
                            + fetched.position().controllerEpoch()
                            + " when epoch "
                            + newestEpoch
                            + " was seen");
        }
        if (!turn.equals(current) || fetched.position().equals(base.position())) {
            return CompletableFuture.completedFuture(null);
        }
        ClusterImage start = fetched.snapshot() ? ClusterImage.EMPTY : base;
        return scheduler.limit(
                cache.publish(ClusterImages.apply(start, fetched.records(), fetched.position())),
                ANSWER_LIMIT);
    }

    private void next(Turn turn, Throwable failure) {
        if (failure == null) {
            retry = FIRST_RETRY;
            failures = 0;
            ask(turn);
        } else if (turn.equals(current)) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            complain(cause);
            if (cause instanceof IOException) {
                onBroken.accept(turn.epoch());
            }
            scheduler.schedule(retry, () -> ask(turn));
            Duration doubled = retry.multipliedBy(2);
            retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
        }
    }

    /** One refusal is part of every change of controllers; it is news when they do not end. */
    private void complain(Throwable failure) {
        LOG.debug("no metadata from the controller", failure);
        failures++;
        long now = clock.monotonicMillis();
        if (failures >= FAILURES_BEFORE_WARNING && now - nextWarningMillis >= 0) {
            LOG.warn(
                    "No metadata from the controller after {} attempts; this broker serves what it"
                            + " knew: {}",
                    failures,
                    failure.toString());
            nextWarningMillis = now + WARNING_INTERVAL_MILLIS;
        }
    }

    @Override
    public synchronized void close() {
        Turn last = current;
        current = new Turn(Optional.empty(), -1);
        scheduler.close();
        last.gateway().ifPresent(ControllerGateway::close);
    }
}
