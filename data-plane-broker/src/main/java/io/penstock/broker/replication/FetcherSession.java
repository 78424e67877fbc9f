package io.penstock.broker.replication;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The follower's end of an incremental fetch session (KIP-227): what the leader does not know yet.
 * A session begins with a request that names everything.
 */
final class FetcherSession {

    private static final int NO_SESSION = 0;
    private static final int FIRST_EPOCH = 1;

    /** A partition as requests name it. */
    record Key(Uuid topicId, int partition) {}

    /** What is asked of a partition. */
    record Wanted(int leaderEpoch, FetchPosition from, int maxBytes) {}

    private int id = NO_SESSION;
    private int epoch;
    private final Map<Key, Wanted> changed = new LinkedHashMap<>();
    private final Collection<Key> forgotten = new LinkedHashSet<>();

    boolean isOpen() {
        return id != NO_SESSION;
    }

    /** Whether the leader should hear something new. */
    boolean hasNews() {
        return !changed.isEmpty() || !forgotten.isEmpty();
    }

    void want(Key key, Wanted wanted) {
        changed.put(key, wanted);
        forgotten.remove(key);
    }

    void forget(Key key) {
        changed.remove(key);
        if (isOpen()) {
            forgotten.add(key);
        }
    }

    /** The leader gave the session this number; 0 where it has no room. */
    void opened(int sessionId) {
        if (id == NO_SESSION && sessionId != NO_SESSION) {
            id = sessionId;
            epoch = FIRST_EPOCH;
        }
    }

    /** The request that tells the leader the news; from then on it knows. */
    FetchRequestData next() {
        FetchRequestData request =
                new FetchRequestData().setSessionId(id).setSessionEpoch(isOpen() ? epoch : 0);
        if (isOpen()) {
            epoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH : epoch + 1;
        }
        request.setTopics(topics());
        request.setForgottenTopicsData(forgottenTopics());
        changed.clear();
        forgotten.clear();
        return request;
    }

    private List<FetchTopic> topics() {
        Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
        changed.forEach(
                (key, wanted) ->
                        topics.computeIfAbsent(key.topicId(), id -> new FetchTopic().setTopicId(id))
                                .partitions()
                                .add(partition(key, wanted)));
        return new ArrayList<>(topics.values());
    }

    private static FetchPartition partition(Key key, Wanted wanted) {
        return new FetchPartition()
                .setPartition(key.partition())
                .setCurrentLeaderEpoch(wanted.leaderEpoch())
                .setFetchOffset(wanted.from().offset())
                .setLastFetchedEpoch(wanted.from().lastFetchedEpoch().orElse(-1))
                .setLogStartOffset(wanted.from().logStart())
                .setPartitionMaxBytes(wanted.maxBytes());
    }

    private List<ForgottenTopic> forgottenTopics() {
        Map<Uuid, ForgottenTopic> topics = new HashMap<>();
        for (Key key : forgotten) {
            topics.computeIfAbsent(key.topicId(), id -> new ForgottenTopic().setTopicId(id))
                    .partitions()
                    .add(key.partition());
        }
        return new ArrayList<>(topics.values());
    }
}
