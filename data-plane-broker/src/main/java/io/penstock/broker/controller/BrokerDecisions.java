package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Who leads when brokers come and go. */
final class BrokerDecisions {

    private BrokerDecisions() {}

    static List<MetadataRecord> registered(
            ClusterImage image, Map<Integer, BrokerRegistration> live) {
        List<MetadataRecord> records = new ArrayList<>();
        Set<Integer> restarted = new HashSet<>();
        Set<Integer> electable = new HashSet<>();
        live.forEach(
                (id, registration) -> {
                    BrokerRegistration known = image.brokers().get(id);
                    if (known != null && known.epoch() == registration.epoch()) {
                        if (!known.fenced()) {
                            electable.add(id);
                        }
                        return;
                    }
                    records.add(new MetadataRecord.BrokerRegistered(registration));
                    restarted.add(id);
                    electable.add(id);
                });
        image.brokers().keySet().stream()
                .filter(id -> !live.containsKey(id))
                .forEach(id -> records.add(new MetadataRecord.BrokerUnregistered(id)));
        records.addAll(elect(image, electable, restarted));
        return records;
    }

    static List<MetadataRecord> stopping(ClusterImage image, int brokerId, long brokerEpoch) {
        return fenced(image, brokerId, brokerEpoch);
    }

    static List<MetadataRecord> fenced(ClusterImage image, int brokerId, long brokerEpoch) {
        BrokerRegistration known = image.brokers().get(brokerId);
        if (known == null || known.epoch() != brokerEpoch || known.fenced()) {
            return List.of();
        }
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.BrokerRegistered(known.withFenced()));
        Set<Integer> electable = new HashSet<>();
        image.brokers().values().stream()
                .filter(b -> b.id() != brokerId && !b.fenced())
                .forEach(b -> electable.add(b.id()));
        records.addAll(elect(image, electable, Set.of()));
        return records;
    }

    /**
     * A leader that restarted between two events gets a new leader epoch too: what it was told
     * before it stopped must not count any more.
     */
    private static List<MetadataRecord> elect(
            ClusterImage image, Set<Integer> electable, Set<Integer> restarted) {
        List<MetadataRecord> records = new ArrayList<>();
        for (TopicState topic : image.topics().values()) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                int partition = i;
                PartitionState state = topic.partitions().get(i);
                reelect(state, electable::contains, restarted::contains)
                        .ifPresent(
                                next ->
                                        records.add(
                                                new MetadataRecord.PartitionChanged(
                                                        topic.id(), partition, next)));
            }
        }
        return records;
    }

    /** The partition's next state; empty when it stays as it is. */
    static Optional<PartitionState> reelect(
            PartitionState state, Predicate<Integer> electable, Predicate<Integer> restarted) {
        List<Integer> alive = state.inSync().stream().filter(electable).toList();
        List<Integer> inSync = alive.isEmpty() ? state.inSync() : alive;
        boolean leaderStays =
                state.hasLeader()
                        && electable.test(state.leader())
                        && !restarted.test(state.leader());
        int leader =
                leaderStays
                        ? state.leader()
                        : state.replicas().stream()
                                .filter(alive::contains)
                                .findFirst()
                                .orElse(PartitionState.NO_LEADER);
        boolean sameLeadership =
                leaderStays || (leader == state.leader() && leader == PartitionState.NO_LEADER);
        if (sameLeadership && inSync.equals(state.inSync())) {
            return Optional.empty();
        }
        return Optional.of(
                new PartitionState(
                        state.replicas(),
                        inSync,
                        state.eligible(),
                        state.adding(),
                        state.removing(),
                        leader,
                        sameLeadership ? state.leaderEpoch() : state.leaderEpoch() + 1,
                        state.partitionEpoch() + 1,
                        leader == PartitionState.NO_LEADER ? state.lastLeader() : leader));
    }
}
