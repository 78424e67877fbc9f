package io.penstock.broker.handler;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.replication.Partition;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Sends a client to an in-sync replica of its own rack, the one that is furthest, unless the leader
 * itself is there: what Kafka's RackAwareReplicaSelector does.
 */
record RackAwareSelector(MetadataCache metadata) implements ReadReplicaSelector {

    @Override
    public OptionalInt nearer(Partition partition, long offset, String rack) {
        if (rack.isEmpty() || !partition.isLeader()) {
            return OptionalInt.empty();
        }
        int leader =
                metadata.current()
                        .partition(
                                partition.topicPartition().topic(),
                                partition.topicPartition().partition())
                        .map(PartitionState::leader)
                        .orElse(PartitionState.NO_LEADER);
        if (isIn(rack, leader)) {
            return OptionalInt.empty();
        }
        Optional<Integer> furthest =
                partition.inSyncFollowersWith(offset).entrySet().stream()
                        .filter(follower -> isIn(rack, follower.getKey()))
                        .max(
                                Map.Entry.<Integer, Long>comparingByValue()
                                        .thenComparing(
                                                Map.Entry.comparingByKey(
                                                        Comparator.reverseOrder())))
                        .map(Map.Entry::getKey);
        return furthest.isPresent() ? OptionalInt.of(furthest.get()) : OptionalInt.empty();
    }

    private boolean isIn(String rack, int broker) {
        return Optional.ofNullable(metadata.current().brokers().get(broker))
                .filter(registration -> !registration.fenced())
                .flatMap(BrokerRegistration::rack)
                .filter(rack::equals)
                .isPresent();
    }
}
