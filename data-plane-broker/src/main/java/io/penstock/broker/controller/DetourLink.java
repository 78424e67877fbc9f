package io.penstock.broker.controller;

import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.time.Scheduler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The way to a controller that need not be the straight one. When the controller is silent here but
 * another broker still reaches it, requests go through that broker, until the straight way is open
 * again: a cut between two brokers shall stop neither the partitions that they lead nor the
 * metadata of one of them.
 *
 * <p>Silent is who does not answer a probe in time. That the controller is dead or slow is not for
 * this class to find out: then nobody reaches it, and the straight way stays the only one.
 */
final class DetourLink implements PeerLink {

    private static final Logger LOG = LoggerFactory.getLogger(DetourLink.class);

    private static final Duration PULSE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** After this no request that went over a link can be answered any more. */
    private static final Duration LAST_ANSWER = Duration.ofSeconds(60);

    private final Peers peers;
    private final Endpoint controller;
    private final Supplier<List<Endpoint>> others;
    private final Scheduler scheduler;

    /** What may be asked again, and is when the way changes. */
    private final Set<CompletableFuture<ByteBuffer>> repeatable =
            Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile PeerLink straight;
    private volatile Optional<PeerLink> detour = Optional.empty();
    private volatile boolean closed;

    /** Only tasks of the scheduler touch it. */
    private int turn;

    /**
     * @param others live brokers but for this one and the controller, as they are at the time
     */
    DetourLink(
            Peers peers,
            Endpoint controller,
            Supplier<List<Endpoint>> others,
            Scheduler scheduler) {
        this.peers = peers;
        this.controller = controller;
        this.others = others;
        this.scheduler = scheduler;
        this.straight = peers.open(controller);
    }

    /** Begins to watch the straight way. */
    void start() {
        scheduler.schedule(PULSE, this::pulse);
    }

    @Override
    public CompletableFuture<ByteBuffer> request(
            short apiKey, ByteBuffer body, long timeoutMillis) {
        Optional<PeerLink> way = detour;
        CompletableFuture<ByteBuffer> answer =
                way.isPresent()
                        ? relayed(way.get(), apiKey, body, timeoutMillis)
                        : straight.request(apiKey, body, timeoutMillis);
        if (InternalMessages.isRepeatable(apiKey, body)) {
            repeatable.add(answer);
            answer.whenComplete((done, failure) -> repeatable.remove(answer));
            if (!way.equals(detour)) {
                answer.completeExceptionally(anotherWay());
            }
        }
        return answer;
    }

    /** For another broker that does not reach the controller; never by a detour of this one's. */
    CompletableFuture<ByteBuffer> passOn(InternalMessages.Relayed request, long timeoutMillis) {
        return straight.request(
                InternalMessages.RELAY, InternalMessages.encode(request.passedOn()), timeoutMillis);
    }

    private static CompletableFuture<ByteBuffer> relayed(
            PeerLink way, short apiKey, ByteBuffer body, long timeoutMillis) {
        var request = new InternalMessages.Relayed(false, apiKey, body);
        return way.request(InternalMessages.RELAY, InternalMessages.encode(request), timeoutMillis);
    }

    private void pulse() {
        if (!closed) {
            probe(straight)
                    .whenCompleteAsync(
                            (reached, failure) -> {
                                if (failure == null) {
                                    goStraight();
                                } else {
                                    lookForDetour();
                                }
                            },
                            scheduler);
        }
    }

    private CompletableFuture<?> probe(PeerLink link) {
        return answerOf(
                link.request(
                        InternalMessages.PROBE, InternalMessages.emptyRequest(), LIMIT.toMillis()));
    }

    private CompletableFuture<?> probeThrough(PeerLink link) {
        return answerOf(
                relayed(
                        link,
                        InternalMessages.PROBE,
                        InternalMessages.emptyRequest(),
                        LIMIT.toMillis()));
    }

    private CompletableFuture<?> answerOf(CompletableFuture<ByteBuffer> probe) {
        return scheduler.limit(probe.thenApply(InternalMessages::decodeIncarnation), LIMIT);
    }

    private void goStraight() {
        if (detour.isPresent()) {
            LOG.info("the controller is reached without a detour again");
            turnTo(Optional.empty());
        }
        start();
    }

    private void lookForDetour() {
        Optional<PeerLink> present = detour;
        if (present.isPresent()) {
            probeThrough(present.get())
                    .whenCompleteAsync(
                            (reached, failure) -> {
                                if (failure != null) {
                                    turnTo(Optional.empty());
                                }
                                start();
                            },
                            scheduler);
            return;
        }
        List<Endpoint> candidates = others.get();
        if (candidates.isEmpty()) {
            start();
            return;
        }
        Endpoint candidate = candidates.get(turn++ % candidates.size());
        PeerLink link = peers.open(candidate);
        probeThrough(link)
                .whenCompleteAsync(
                        (reached, failure) -> {
                            if (failure == null && !closed) {
                                LOG.warn(
                                        "the controller at {}:{} is silent; it is reached through"
                                                + " the broker at {}:{}",
                                        controller.host(),
                                        controller.port(),
                                        candidate.host(),
                                        candidate.port());
                                turnTo(Optional.of(link));
                                renewStraight();
                            } else {
                                link.close();
                            }
                            start();
                        },
                        scheduler);
    }

    /** All other requests that were sent the former way may still be answered there. */
    private void turnTo(Optional<PeerLink> way) {
        Optional<PeerLink> former = detour;
        detour = way;
        former.ifPresent(link -> scheduler.schedule(LAST_ANSWER, link::close));
        List.copyOf(repeatable).forEach(asked -> asked.completeExceptionally(anotherWay()));
        if (closed) {
            way.ifPresent(PeerLink::close);
        }
    }

    /**
     * A connection that lost packets for long sends the next ones late: a new one is there sooner
     * when the way is open again.
     */
    private void renewStraight() {
        PeerLink former = straight;
        straight = peers.open(controller);
        scheduler.schedule(LAST_ANSWER, former::close);
        if (closed) {
            straight.close();
        }
    }

    private static IOException anotherWay() {
        return new IOException("the controller is reached another way now");
    }

    @Override
    public void close() {
        closed = true;
        straight.close();
        detour.ifPresent(PeerLink::close);
    }
}
