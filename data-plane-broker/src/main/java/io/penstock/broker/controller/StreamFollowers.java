package io.penstock.broker.controller;

import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.time.Scheduler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * How far each broker has followed the stream of one controller. A broker that asks for what comes
 * after a position shows all up to there.
 *
 * <p>Whoever was told that a credential or a permission exists uses it at once, and at any broker.
 * So such an answer waits until the live brokers show the change; a broker that is slow or cut off
 * delays it for a moment only, for it may never show it.
 */
final class StreamFollowers implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(StreamFollowers.class);

    /** Somebody who waits; the set shrinks as brokers come along. */
    private record Waiting(
            StreamPosition position, Set<Integer> behind, CompletableFuture<Void> done) {}

    private final Scheduler timers;
    private final Map<Integer, StreamPosition> positions = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean closed;

    StreamFollowers(Scheduler timers) {
        this.timers = timers;
    }

    /** The broker shows everything up to the position, and nothing after it. */
    void reached(int brokerId, StreamPosition position) {
        List<Waiting> served = new ArrayList<>();
        synchronized (this) {
            positions.put(brokerId, position);
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting each = all.next();
                if (position.compareTo(each.position()) >= 0
                        && each.behind().remove(brokerId)
                        && each.behind().isEmpty()) {
                    all.remove();
                    served.add(each);
                }
            }
        }
        served.forEach(each -> each.done().complete(null));
    }

    /** Completes when all of the brokers show the position, or waited long enough for them. */
    CompletableFuture<Void> whenShown(Set<Integer> brokers, StreamPosition position) {
        Waiting mine;
        synchronized (this) {
            Set<Integer> behind = new HashSet<>(brokers);
            behind.removeIf(
                    id -> positions.getOrDefault(id, StreamPosition.NONE).compareTo(position) >= 0);
            if (behind.isEmpty() || closed) {
                return CompletableFuture.completedFuture(null);
            }
            mine = new Waiting(position, behind, new CompletableFuture<>());
            waiting.add(mine);
        }
        Scheduler.Cancellable timer = timers.schedule(PATIENCE, () -> giveUp(mine));
        return mine.done().whenComplete((done, failure) -> timer.cancel());
    }

    private void giveUp(Waiting late) {
        Set<Integer> behind;
        synchronized (this) {
            waiting.remove(late);
            behind = Set.copyOf(late.behind());
        }
        LOG.warn(
                "brokers {} do not show position {} of the metadata yet; it is answered without"
                        + " them",
                behind,
                late.position());
        late.done().complete(null);
    }

    /** What was waited for is committed: who waits is answered. */
    @Override
    public void close() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(each -> each.done().complete(null));
    }
}
