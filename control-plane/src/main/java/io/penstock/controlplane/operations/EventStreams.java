package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.platform.Notifications;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Streams of a cluster's events: each has a virtual thread that reads what is past its last event,
 * under its tenant, whenever the cluster is notified. A stream ends with the caller's token.
 */
@ApplicationScoped
public class EventStreams {
    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final int STREAMS_PER_TENANT = 200;

    private final Events events;
    private final Notifications notifications;
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();

    EventStreams(Events events, Notifications notifications) {
        this.events = events;
        this.notifications = notifications;
    }

    Multi<OutboundSseEvent> open(
            String tenant, String clusterId, String lastEventId, Instant expiresAt) {
        long after = lastEventId == null ? events.last(clusterId) : sequence(lastEventId);
        if (open.merge(tenant, 1, Integer::sum) > STREAMS_PER_TENANT) {
            release(tenant);
            throw ProblemException.retryable(
                    429,
                    "too_many_streams",
                    "At most " + STREAMS_PER_TENANT + " streams at a time");
        }
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
                                                                                emitter, clusterId,
                                                                                after, expiresAt))),
                        BackPressureStrategy.BUFFER)
                .onTermination()
                .invoke(() -> release(tenant));
    }

    private void release(String tenant) {
        open.computeIfPresent(tenant, (name, count) -> count == 1 ? null : count - 1);
    }

    private static long sequence(String lastEventId) {
        if (lastEventId.matches("[0-9]{1,18}")) {
            return Long.parseLong(lastEventId);
        }
        throw ProblemException.invalid(
                "/Last-Event-ID", "Last-Event-ID must be an id of this stream");
    }

    private void run(
            MultiEmitter<? super OutboundSseEvent> emitter,
            String clusterId,
            long after,
            Instant expiresAt) {
        try (var changes = notifications.subscribe(clusterId)) {
            emitter.onTermination(changes::wake);
            emitter.emit(comment("open"));
            long last = after;
            var ended = false;
            while (!ended && !emitter.isCancelled() && notifications.isRunning()) {
                var next = events.after(clusterId, last);
                for (var event : next) {
                    emitter.emit(toSse(event));
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
                    emitter.emit(comment("still here"));
                }
            }
            emitter.complete();
        } catch (InterruptedException e) {
            emitter.complete();
        } catch (RuntimeException e) {
            LOG.warnf("An event stream of %s ended: %s", clusterId, e.getMessage());
            emitter.complete();
        }
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
