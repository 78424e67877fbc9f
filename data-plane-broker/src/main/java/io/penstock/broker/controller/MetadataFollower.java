package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.ImageCache;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the controller, whichever it is, for what comes after this broker's image, and swaps the
 * image. A thread of its own, for it waits. Streams of an earlier controller than the newest that
 * was seen are refused.
 */
final class MetadataFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataFollower.class);
    private static final long MAX_WAIT_MILLIS = 10_000;
    private static final long ANSWER_TIMEOUT_MILLIS = 30_000;
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1_000;

    private static final int FAILURES_BEFORE_WARNING = 5;
    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ImageCache cache;
    private final Thread thread;
    private final Object lock = new Object();
    private Optional<ControllerGateway> gateway = Optional.empty();
    private int newestEpoch = -1;
    private boolean closed;

    /** Of the follower's own thread: failures in a row, and when to speak of them again. */
    private int failures;

    private long nextWarningNanos = System.nanoTime();

    MetadataFollower(ImageCache cache) {
        this.cache = cache;
        this.thread = Thread.ofPlatform().daemon().name("metadata-follower").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The controller of this epoch, or none at the moment; the earlier one is closed. */
    void turnTo(Optional<ControllerGateway> next, int epoch) {
        Optional<ControllerGateway> before;
        synchronized (lock) {
            before = gateway;
            gateway = next;
            newestEpoch = Math.max(newestEpoch, epoch);
            lock.notifyAll();
        }
        before.ifPresent(ControllerGateway::close);
    }

    Optional<ControllerGateway> gateway() {
        synchronized (lock) {
            return gateway;
        }
    }

    private void run() {
        long retryMillis = FIRST_RETRY_MILLIS;
        while (true) {
            try {
                Optional<ControllerGateway> from = awaitGateway();
                if (from.isEmpty()) {
                    return;
                }
                follow(from.get());
                retryMillis = FIRST_RETRY_MILLIS;
                failures = 0;
            } catch (InterruptedException e) {
                return;
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                complain(e);
                if (!pause(retryMillis)) {
                    return;
                }
                retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
            }
        }
    }

    /** One refusal is part of every change of controllers; it is news when they do not end. */
    private void complain(Exception failure) {
        LOG.debug("no metadata from the controller", failure);
        failures++;
        long now = System.nanoTime();
        if (failures >= FAILURES_BEFORE_WARNING && now - nextWarningNanos >= 0) {
            Throwable cause =
                    failure instanceof ExecutionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            LOG.warn(
                    "No metadata from the controller after {} attempts; this broker serves what it"
                            + " knew: {}",
                    failures,
                    cause.toString());
            nextWarningNanos = now + WARNING_INTERVAL_NANOS;
        }
    }

    private Optional<ControllerGateway> awaitGateway() throws InterruptedException {
        synchronized (lock) {
            while (gateway.isEmpty() && !closed) {
                lock.wait();
            }
            return closed ? Optional.empty() : gateway;
        }
    }

    private boolean pause(long millis) {
        synchronized (lock) {
            try {
                if (!closed) {
                    lock.wait(millis);
                }
                return !closed;
            } catch (InterruptedException e) {
                return false;
            }
        }
    }

    private void follow(ControllerGateway from)
            throws InterruptedException, ExecutionException, TimeoutException {
        ClusterImage current = cache.current();
        DeltaLog.Fetched fetched =
                from.fetch(current.position(), MAX_WAIT_MILLIS)
                        .get(ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        int oldest;
        synchronized (lock) {
            oldest = newestEpoch;
        }
        if (fetched.position().controllerEpoch() < oldest) {
            throw new IllegalStateException(
                    "a stream of controller epoch "
                            + fetched.position().controllerEpoch()
                            + " when epoch "
                            + oldest
                            + " was seen");
        }
        if (fetched.position().equals(current.position())) {
            return;
        }
        ClusterImage base = fetched.snapshot() ? ClusterImage.EMPTY : current;
        cache.publish(ClusterImages.apply(base, fetched.records(), fetched.position()))
                .get(ANSWER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        Optional<ControllerGateway> last;
        synchronized (lock) {
            closed = true;
            last = gateway;
            gateway = Optional.empty();
            lock.notifyAll();
        }
        last.ifPresent(ControllerGateway::close);
        thread.interrupt();
    }
}
