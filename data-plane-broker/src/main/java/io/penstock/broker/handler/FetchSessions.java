package io.penstock.broker.handler;

import io.penstock.broker.time.Clock;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The fetch sessions of this broker, a bounded number of them. When there is no room, the session
 * that was idle longest makes some if it was idle for a while; else the client does without. Any
 * thread may call.
 */
final class FetchSessions {

    /** A session that was used since is not evicted (Kafka's min.incremental... of two minutes). */
    private static final long MIN_IDLE_MILLIS = 120_000;

    private final int capacity;
    private final Clock clock;

    /** In order of use. */
    private final LinkedHashMap<Integer, Used> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Used(FetchSession session, long atMillis) {}

    FetchSessions(int capacity, Clock clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    /** Empty when there is no room. */
    synchronized Optional<FetchSession> create(
            boolean usesTopicIds, Collection<FetchPartition> wanted) {
        if (sessions.size() >= capacity && !evictOldest()) {
            return Optional.empty();
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        FetchSession session = new FetchSession(id, usesTopicIds, wanted);
        sessions.put(id, new Used(session, clock.monotonicMillis()));
        return Optional.of(session);
    }

    synchronized Optional<FetchSession> use(int id) {
        return Optional.ofNullable(
                        sessions.computeIfPresent(
                                id,
                                (ignored, used) ->
                                        new Used(used.session(), clock.monotonicMillis())))
                .map(Used::session);
    }

    synchronized void remove(int id) {
        sessions.remove(id);
    }

    private boolean evictOldest() {
        Iterator<Map.Entry<Integer, Used>> oldest = sessions.entrySet().iterator();
        if (!oldest.hasNext()
                || clock.monotonicMillis() - oldest.next().getValue().atMillis()
                        < MIN_IDLE_MILLIS) {
            return false;
        }
        oldest.remove();
        return true;
    }
}
