package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.installation.Notifications;
import io.penstock.controlplane.tenancy.TenantScope;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.jaxrs.OutboundSseEventImpl;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Streams of a cluster's events: each has a virtual thread that reads what is past its last event,
 * under its tenant, whenever the cluster is notified. A stream ends with the caller's token.
 */
@ApplicationScoped
public class EventStreams {
    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration SLOWEST_READER = Duration.ofSeconds(30);
    private static final int STREAMS_PER_TENANT = 200;

    private final Events events;
    private final Notifications notifications;
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();

    /**
     * What the reader of a stream has asked for and not got. Its connection asks for one more when
     * one is written, so that a slow reader holds the stream up instead of filling the memory.
     */
    private static final class Demand {
        private final Semaphore permits = new Semaphore(0);

        void grow(long count) {
            permits.release((int) Math.min(count, 64));
        }

        boolean awaitOne() throws InterruptedException {
            return permits.tryAcquire(SLOWEST_READER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The reader does not read: it may come again with the id of the last event it got. */
    private static final class ReaderTooSlow extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    EventStreams(Events events, Notifications notifications) {
        this.events = events;
        this.notifications = notifications;
    }

    Multi<OutboundSseEvent> open(
            String tenant, String clusterId, OptionalLong lastEventId, Instant expiresAt) {
        long after = lastEventId.orElseGet(() -> events.last(clusterId));
        if (open.merge(tenant, 1, Integer::sum) > STREAMS_PER_TENANT) {
            release(tenant);
            throw ProblemException.retryable(
                    429,
                    "too_many_streams",
                    "At most " + STREAMS_PER_TENANT + " streams at a time");
        }
        var demand = new Demand();
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(
                        emitter ->
                                Thread.ofVirtual()
                                        .name("events-" + clusterId)
                                        .start(
                                                () ->
                                                        TenantScope.asTenant(
                                                                tenant,
                                                                () ->
                                                                        run(
                                                                                emitter, demand,
                                                                                clusterId, after,
                                                                                expiresAt))),
                        BackPressureStrategy.BUFFER)
                .onRequest()
                .invoke(demand::grow)
                .onTermination()
                .invoke(() -> release(tenant));
    }

    private void release(String tenant) {
        open.computeIfPresent(tenant, (name, count) -> count == 1 ? null : count - 1);
    }

    private void run(
            MultiEmitter<? super OutboundSseEvent> emitter,
            Demand demand,
            String clusterId,
            long after,
            Instant expiresAt) {
        try (var changes = notifications.subscribe(clusterId)) {
            emitter.onTermination(
                    () -> {
                        changes.wake();
                        demand.grow(1);
                    });
            send(emitter, demand, comment("open"));
            long last = after;
            var ended = false;
            while (!ended && !emitter.isCancelled() && notifications.isRunning()) {
                var next = events.after(clusterId, last);
                for (var event : next) {
                    send(emitter, demand, toSse(event));
                    last = event.sequence();
                    ended = event.type().equals(EventType.CLUSTER_DELETED.wire());
                }
                if (!next.isEmpty()) {
                    continue;
                }
                var now = Instant.now();
                if (!now.isBefore(expiresAt)) {
                    break;
                }
                var heartbeat = now.plus(HEARTBEAT);
                if (!changes.await(heartbeat.isBefore(expiresAt) ? heartbeat : expiresAt)) {
                    send(emitter, demand, comment("still here"));
                }
            }
            emitter.complete();
        } catch (InterruptedException | ReaderTooSlow e) {
            emitter.complete();
        } catch (RuntimeException e) {
            LOG.warnf("An event stream of %s ended: %s", clusterId, e.getMessage());
            emitter.complete();
        }
    }

    private static void send(
            MultiEmitter<? super OutboundSseEvent> emitter, Demand demand, OutboundSseEvent event)
            throws InterruptedException {
        if (!demand.awaitOne()) {
            throw new ReaderTooSlow();
        }
        emitter.emit(event);
    }

    private static OutboundSseEvent toSse(Events.Stored event) {
        return new OutboundSseEventImpl.BuilderImpl()
                .id(Long.toString(event.sequence()))
                .name(event.type())
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(String.class, event.data())
                .build();
    }

    private static OutboundSseEvent comment(String text) {
        return new OutboundSseEventImpl.BuilderImpl().comment(text).build();
    }
}
