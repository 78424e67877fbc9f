package io.penstock.broker.replication;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the fetches of this broker's followers. Each has one session for each of its fetchers, on
 * the connection that began it; a new one takes the place of the one before.
 */
public final class FollowerFetches {

    private static final int NO_SESSION = 0;
    private static final int INITIAL_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;

    private final MetadataCache metadata;
    private final LocalPartitions partitions;
    private final Clock clock;
    private final Map<Integer, FollowerSession> sessions = new ConcurrentHashMap<>();
    private final Map<Fetcher, Integer> current = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    private record Fetcher(int brokerId, String clientId) {}

    /**
     * Who fetches.
     *
     * @param connectionId of a connection that answers in order
     * @param clientId tells the fetchers of one broker apart
     */
    public record Caller(String connectionId, String clientId) {}

    public FollowerFetches(MetadataCache metadata, LocalPartitions partitions, Clock clock) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.clock = clock;
    }

    /**
     * Answers a fetch of version 15 or later. To be called on the scheduler, which runs what
     * concerns the caller's connection. When the connection ends, the answer is to be cancelled.
     */
    public CompletableFuture<FetchResponseData> fetch(
            FetchRequestData request, Caller caller, Scheduler scheduler) {
        boolean full =
                request.sessionEpoch() == INITIAL_EPOCH || request.sessionEpoch() == FINAL_EPOCH;
        if (full) {
            FollowerSession session = begin(request, caller, scheduler);
            CompletableFuture<FetchResponseData> answer = session.fetch(request);
            if (request.sessionEpoch() == FINAL_EPOCH) {
                answer.whenComplete((response, failure) -> session.endSoon());
            }
            return answer;
        }
        FollowerSession session = sessions.get(request.sessionId());
        if (session == null || !session.isOf(caller.connectionId())) {
            return refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        Errors error = session.advance(request.sessionEpoch());
        return error == Errors.NONE ? session.fetch(request) : refused(error);
    }

    private static CompletableFuture<FetchResponseData> refused(Errors error) {
        return CompletableFuture.completedFuture(
                new FetchResponseData().setErrorCode(error.code()));
    }

    private FollowerSession begin(FetchRequestData request, Caller caller, Scheduler scheduler) {
        boolean lasting = request.sessionEpoch() == INITIAL_EPOCH;
        int id = lasting ? nextId() : NO_SESSION;
        FollowerSession session =
                new FollowerSession(
                        id,
                        caller.connectionId(),
                        scheduler,
                        clock,
                        partitions.throttles(),
                        partitions.followers(),
                        this::find);
        if (lasting) {
            sessions.put(id, session);
            Fetcher fetcher = new Fetcher(request.replicaState().replicaId(), caller.clientId());
            Integer before = current.put(fetcher, id);
            if (before != null) {
                Optional.ofNullable(sessions.remove(before)).ifPresent(FollowerSession::endSoon);
            }
        }
        return session;
    }

    private int nextId() {
        return ids.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
    }

    private Optional<LocalPartition> find(Uuid topicId, int partition) {
        return metadata.current()
                .topic(topicId)
                .map(TopicState::name)
                .flatMap(name -> partitions.findLocal(new TopicPartition(name, partition)))
                .filter(local -> local.topicId().equals(topicId));
    }
}
