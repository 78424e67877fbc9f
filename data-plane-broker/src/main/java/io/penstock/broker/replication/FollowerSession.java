package io.penstock.broker.replication;

import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.replication.FetcherSession.Key;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * The leader's end of a follower's fetch session (KIP-227). Partitions with news queue up, so that
 * an answer costs what has happened and not what is followed. A fetch that finds no news waits, and
 * is answered the moment there are records, or in the pace of {@link AnswerPace} where many come; a
 * mere change of the high watermark waits a little for company.
 *
 * <p>Lives on the scheduler of the follower's connection.
 */
final class FollowerSession {

    private static final Duration WATERMARK_PATIENCE = Duration.ofMillis(5);
    private static final int FIRST_EPOCH = 1;

    private final int id;
    private final String connectionId;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Throttles throttles;
    private final BiFunction<Uuid, Integer, Optional<LocalPartition>> lookup;
    private final FollowerPulse pulse;
    private final FollowerPulses pulses;
    private final AnswerPace pace;
    private final Map<Key, ServedReplica> replicas = new HashMap<>();
    private final Queue<ServedReplica> news = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean answeringSoon = new AtomicBoolean();
    private final AtomicBoolean answeringLater = new AtomicBoolean();

    /** Whether there is more in the queue than high watermarks. */
    private final AtomicBoolean urgent = new AtomicBoolean();

    private int epoch = FIRST_EPOCH;
    private long newsTakenNanos;
    private volatile Parked parked;
    private boolean ended;

    /** A fetch that waits for news. */
    private record Parked(
            CompletableFuture<FetchResponseData> answer,
            int maxBytes,
            Scheduler.Cancellable timeout) {}

    /**
     * @param connectionId on which alone the session may be used
     * @param lookup of partitions by topic id
     */
    FollowerSession(
            int id,
            String connectionId,
            Scheduler scheduler,
            Clock clock,
            Throttles throttles,
            FollowerPulses pulses,
            BiFunction<Uuid, Integer, Optional<LocalPartition>> lookup) {
        this.id = id;
        this.connectionId = connectionId;
        this.scheduler = scheduler;
        this.clock = clock;
        this.throttles = throttles;
        this.pulses = pulses;
        this.lookup = lookup;
        this.newsTakenNanos = clock.monotonicNanos();
        this.pulse = new FollowerPulse(newsTakenNanos);
        this.pace = new AnswerPace(newsTakenNanos);
    }

    boolean isOf(String connection) {
        return connectionId.equals(connection);
    }

    /** Whether the request is the next one of this session; if so, the one after it is expected. */
    Errors advance(int requestEpoch) {
        if (requestEpoch != epoch) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        epoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH : epoch + 1;
        return Errors.NONE;
    }

    CompletableFuture<FetchResponseData> fetch(FetchRequestData request) {
        long now = clock.monotonicNanos();
        pulse.beat(now);
        pulses.of(request.replicaState().replicaId(), now).beat(now);
        if (parked != null) {
            // The follower has something to say and wants to be heard.
            answer();
        }
        for (var topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                forget(new Key(topic.topicId(), partition));
            }
        }
        update(request);
        CompletableFuture<FetchResponseData> answer = new CompletableFuture<>();
        boolean patient = request.maxWaitMs() > 0 && request.minBytes() > 0;
        if (!patient || (urgent.get() && pace.beforeAnswering(now).isZero())) {
            FetchResponseData response = collect(request.maxBytes());
            if (!patient || !response.responses().isEmpty()) {
                answer.complete(response);
                return answer;
            }
        }
        park(request, answer);
        return answer;
    }

    private void update(FetchRequestData request) {
        for (var topic : request.topics()) {
            for (var wanted : topic.partitions()) {
                Key key = new Key(topic.topicId(), wanted.partition());
                served(key)
                        .reported(
                                new FollowerReport(
                                        request.replicaState().replicaId(),
                                        request.replicaState().replicaEpoch(),
                                        wanted.currentLeaderEpoch(),
                                        wanted.fetchOffset(),
                                        wanted.lastFetchedEpoch() < 0
                                                ? OptionalInt.empty()
                                                : OptionalInt.of(wanted.lastFetchedEpoch()),
                                        wanted.logStartOffset(),
                                        pulse),
                                wanted.partitionMaxBytes());
            }
        }
    }

    /** The replica, of the partition that has the place now. */
    private ServedReplica served(Key key) {
        ServedReplica known = replicas.get(key);
        if (known != null && known.partition().isPresent()) {
            LocalPartition local = known.partition().get();
            if (!(local.role() instanceof ReplicaRole.Removed)) {
                return known;
            }
        }
        forget(key);
        ServedReplica fresh =
                new ServedReplica(this, key, lookup.apply(key.topicId(), key.partition()));
        replicas.put(key, fresh);
        return fresh;
    }

    private void forget(Key key) {
        ServedReplica known = replicas.remove(key);
        if (known != null) {
            known.end();
        }
    }

    private void park(FetchRequestData request, CompletableFuture<FetchResponseData> answer) {
        Scheduler.Cancellable timeout =
                scheduler.schedule(
                        Duration.ofMillis(request.maxWaitMs()),
                        () -> {
                            if (parked != null && parked.answer() == answer) {
                                answer();
                            }
                        });
        parked = new Parked(answer, request.maxBytes(), timeout);
        answer.whenComplete(
                (response, failure) -> {
                    if (answer.isCancelled()) {
                        // The connection is gone, and the session with it.
                        scheduler.execute(this::end);
                    }
                });
        if (urgent.get()) {
            answerSoon();
        } else if (!news.isEmpty()) {
            answerLater();
        }
    }

    Throttles throttles() {
        return throttles;
    }

    void later(Duration delay, Runnable task) {
        scheduler.schedule(delay, task);
    }

    /** A replica joined the queue that is to be answered at once; any thread. */
    void hasNews(ServedReplica replica) {
        news.add(replica);
        hasUrgentNews();
    }

    /** A replica that is in the queue has more to tell than it had; any thread. */
    void hasUrgentNews() {
        urgent.set(true);
        answerSoon();
    }

    private void answerSoon() {
        if (parked != null && answeringSoon.compareAndSet(false, true)) {
            scheduler.execute(this::answerInPace);
        }
    }

    private void answerInPace() {
        Duration pause = pace.beforeAnswering(clock.monotonicNanos());
        if (pause.isZero()) {
            answeringSoon.set(false);
            answerIfWorth();
        } else {
            scheduler.schedule(pause, this::answerInPace);
        }
    }

    /** A partition has more records; any thread. */
    void hasRecords() {
        pace.appended();
    }

    /** A replica joined the queue of which only the high watermark is news; any thread. */
    void hasWatermark(ServedReplica replica) {
        news.add(replica);
        answerLater();
    }

    private void answerLater() {
        if (parked != null && answeringLater.compareAndSet(false, true)) {
            scheduler.schedule(WATERMARK_PATIENCE, this::answerWithWatermarks);
        }
    }

    /** Answers with records took the watermarks of their time along. */
    private void answerWithWatermarks() {
        Duration left = WATERMARK_PATIENCE.minusNanos(clock.monotonicNanos() - newsTakenNanos);
        if (left.isPositive()) {
            scheduler.schedule(left, this::answerWithWatermarks);
        } else {
            answeringLater.set(false);
            answerIfWorth();
        }
    }

    private void answerIfWorth() {
        Parked waiting = parked;
        if (waiting == null || ended) {
            return;
        }
        FetchResponseData response = collect(waiting.maxBytes());
        if (!response.responses().isEmpty()) {
            complete(waiting, response);
        }
    }

    private void answer() {
        Parked waiting = parked;
        complete(waiting, collect(waiting.maxBytes()));
    }

    private void complete(Parked waiting, FetchResponseData response) {
        parked = null;
        waiting.timeout().cancel();
        if (!waiting.answer().complete(response)) {
            FetchedRecords.releaseAll(response);
        }
    }

    /** Takes the news from the queue, as many as there is room for. */
    private FetchResponseData collect(int maxBytes) {
        urgent.set(false);
        FetchResponseData response = new FetchResponseData().setSessionId(id);
        Map<Uuid, FetchableTopicResponse> topics = new HashMap<>();
        int bytes = 0;
        int count = news.size();
        for (int i = 0; i < count; i++) {
            if (bytes > 0 && bytes >= maxBytes) {
                urgent.set(true);
                break;
            }
            ServedReplica replica = news.poll();
            if (replica == null) {
                break;
            }
            replica.unqueued();
            if (replicas.get(replica.key()) != replica) {
                continue;
            }
            Optional<PartitionData> data = replica.news(maxBytes - bytes);
            if (data.isPresent()) {
                bytes += FetchedRecords.sizeOf(data.get());
                topics.computeIfAbsent(
                                replica.key().topicId(),
                                topicId -> {
                                    FetchableTopicResponse topic =
                                            new FetchableTopicResponse().setTopicId(topicId);
                                    response.responses().add(topic);
                                    return topic;
                                })
                        .partitions()
                        .add(data.get());
            }
        }
        newsTakenNanos = clock.monotonicNanos();
        if (bytes > 0) {
            pace.answered(newsTakenNanos);
        }
        return response;
    }

    /** On the session's scheduler. */
    void end() {
        ended = true;
        Parked waiting = parked;
        if (waiting != null) {
            complete(waiting, new FetchResponseData().setSessionId(id));
        }
        replicas.values().forEach(ServedReplica::end);
        replicas.clear();
        news.clear();
    }

    void endSoon() {
        scheduler.execute(this::end);
    }
}
