package io.penstock.broker.handler;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

import java.util.Optional;

/**
 * Finds the partition that a request names, or the error code that says why it cannot be served
 * here.
 */
final class PartitionLookup {

    private final MetadataCache metadata;
    private final Partitions partitions;

    PartitionLookup(MetadataCache metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /** What a lookup found. */
    sealed interface Result {
        /** The leader or, where a follower is as good, perhaps a follower. */
        record Found(Partition partition) implements Result {}

        record Failed(Errors error) implements Result {}
    }

    /** A leader elsewhere, as clients may be told (KIP-951). */
    record LeaderHint(int leader, int leaderEpoch, Optional<BrokerRegistration> broker) {

        Optional<Endpoint> endpoint(RequestContext context) {
            return broker.flatMap(b -> b.endpoint(context.listener()));
        }

        /** As responses carry it: null when it has none. */
        String rack() {
            return broker.flatMap(BrokerRegistration::rack).orElse(null);
        }
    }

    /** The topic's name, by its id; empty when there is no such topic. */
    Optional<String> nameOf(Uuid topicId) {
        return metadata.current().topic(topicId).map(TopicState::name);
    }

    Optional<Uuid> idOf(String topic) {
        return metadata.current().topic(topic).map(TopicState::id);
    }

    /** The partition whose leader this broker is. */
    Result leader(String topic, int partition) {
        return leader(topic, Optional.empty(), partition);
    }

    /**
     * @param topicId the id by which the client means the topic: one that was deleted and made anew
     *     is another one
     */
    Result leader(String topic, Optional<Uuid> topicId, int partition) {
        return find(topic, topicId, partition, false);
    }

    /** The partition that this broker leads or follows: consumers may read from both (KIP-392). */
    Result replica(String topic, Optional<Uuid> topicId, int partition) {
        return find(topic, topicId, partition, true);
    }

    private Result find(String topic, Optional<Uuid> topicId, int partition, boolean followerToo) {
        Optional<Partition> local = partitions.find(new TopicPartition(topic, partition));
        if (local.isPresent()) {
            if (topicId.isPresent() && !local.get().topicId().equals(topicId.get())) {
                return new Result.Failed(Errors.UNKNOWN_TOPIC_ID);
            }
            return local.get().isLeader() || (followerToo && local.get().isFollower())
                    ? new Result.Found(local.get())
                    : new Result.Failed(Errors.NOT_LEADER_OR_FOLLOWER);
        }
        boolean exists = metadata.current().partition(topic, partition).isPresent();
        return new Result.Failed(
                exists ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** Who leads the partition by this broker's image, for the answer to a misdirected request. */
    Optional<LeaderHint> hint(String topic, int partition) {
        ClusterImage image = metadata.applied();
        return image.partition(topic, partition)
                .filter(PartitionState::hasLeader)
                .map(
                        state ->
                                new LeaderHint(
                                        state.leader(),
                                        state.leaderEpoch(),
                                        Optional.ofNullable(image.brokers().get(state.leader()))));
    }

    /** KIP-320: a client with an older or newer view of the leader than this one is told so. */
    static Errors compareEpochs(int currentLeaderEpoch, Partition partition) {
        if (currentLeaderEpoch < 0 || currentLeaderEpoch == partition.leaderEpoch()) {
            return Errors.NONE;
        }
        return currentLeaderEpoch < partition.leaderEpoch()
                ? Errors.FENCED_LEADER_EPOCH
                : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
