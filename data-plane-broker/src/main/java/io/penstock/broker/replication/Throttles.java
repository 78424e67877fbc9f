package io.penstock.broker.replication;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Slows the copying of replicas that a reassignment adds (KIP-73): of those that the topics' {@code
 * …replication.throttled.replicas} name, while they are not in sync, to the brokers' {@code
 * …replication.throttled.rate}. Who is in sync is never slowed, for producers wait for it.
 */
final class Throttles {

    private static final String RATE = ".replication.throttled.rate";
    private static final String REPLICAS = ".replication.throttled.replicas";
    private static final String LEADER = "leader";
    private static final String FOLLOWER = "follower";

    private final int self;
    private final ReplicationQuota sent;
    private final ReplicationQuota received;
    private final Map<TopicPartition, Subject> subjects = new ConcurrentHashMap<>();

    Throttles(int self, Clock clock) {
        this.self = self;
        this.sent = new ReplicationQuota(clock);
        this.received = new ReplicationQuota(clock);
    }

    /** What a partition is subject to here. */
    private record Subject(boolean asLeader, boolean asFollower) {

        static final Subject TO_NONE = new Subject(false, false);
    }

    void onImage(ClusterImage image) {
        sent.limit(rate(image, LEADER));
        received.limit(rate(image, FOLLOWER));
    }

    private long rate(ClusterImage image, String side) {
        for (String broker : List.of(Integer.toString(self), "")) {
            String value = image.config(ConfigResource.Type.BROKER, broker).get(side + RATE);
            if (value != null) {
                return Long.parseLong(value);
            }
        }
        return ReplicationQuota.UNLIMITED;
    }

    /**
     * @param topicConfigs what the topic sets
     */
    void configure(TopicPartition partition, Map<String, String> topicConfigs) {
        Subject subject =
                new Subject(
                        names(topicConfigs.get(LEADER + REPLICAS), partition.partition()),
                        names(topicConfigs.get(FOLLOWER + REPLICAS), partition.partition()));
        if (subject.equals(Subject.TO_NONE)) {
            subjects.remove(partition);
        } else {
            subjects.put(partition, subject);
        }
    }

    private Subject subject(LocalPartition partition) {
        return subjects.isEmpty()
                ? Subject.TO_NONE
                : subjects.getOrDefault(partition.topicPartition(), Subject.TO_NONE);
    }

    /** Values are {@code *} or {@code partition:broker,partition:broker…}. */
    private boolean names(String value, int partition) {
        return value != null
                && (value.trim().equals("*")
                        || List.of(value.split("\\s*,\\s*")).contains(partition + ":" + self));
    }

    /** How long a leader here keeps records from a follower. */
    Duration beforeSending(LocalPartition partition, int follower) {
        return subject(partition).asLeader() && !partition.isInSync(follower)
                ? sent.pause()
                : Duration.ZERO;
    }

    void sent(LocalPartition partition, int follower, int bytes) {
        if (subject(partition).asLeader() && !partition.isInSync(follower)) {
            sent.passed(bytes);
        }
    }

    /** How long a follower here waits before it asks for more. */
    Duration beforeAsking(LocalPartition partition) {
        return subject(partition).asFollower() && !partition.isInSync(self)
                ? received.pause()
                : Duration.ZERO;
    }

    void received(LocalPartition partition, int bytes) {
        if (subject(partition).asFollower() && !partition.isInSync(self)) {
            received.passed(bytes);
        }
    }
}
