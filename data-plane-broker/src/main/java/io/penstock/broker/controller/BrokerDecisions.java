package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.metadata.TopicState;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** What becomes of partitions when brokers come and go. */
final class BrokerDecisions {

    private final ElectionRules.Source rules;

    BrokerDecisions(ElectionRules.Source rules) {
        this.rules = rules;
    }

    /** A fenced broker stays so until it registers anew. */
    List<MetadataRecord> registered(ClusterImage image, Map<Integer, BrokerRegistration> live) {
        List<MetadataRecord> records = new ArrayList<>();
        Set<Integer> restarted = new HashSet<>();
        Map<Integer, Trust> returning = new HashMap<>();
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
                    returning.put(id, trust(image, registration));
                });
        image.brokers().keySet().stream()
                .filter(id -> !live.containsKey(id))
                .forEach(id -> records.add(new MetadataRecord.BrokerUnregistered(id)));
        records.addAll(step(image, electable::contains, restarted, returning));
        return records;
    }

    /** What of its logs a broker that registers anew certainly still has. */
    private enum Trust {
        EVERYTHING,
        WHAT_WAS_ON_DISK,
        NOTHING
    }

    /**
     * KIP-966: what a broker says of its stops counts only when it has something to say of the very
     * process that was seen last, else its volume is older than that. Processes that came and went
     * unseen make no difference, but for how they stopped. A process that registers anew has not
     * stopped at all.
     */
    private static Trust trust(ClusterImage image, BrokerRegistration returning) {
        Optional<BrokerRegistration> last = image.lastRegistration(returning.id());
        if (last.isEmpty()) {
            return returning.lastStop().kind() == StopKind.MACHINE
                    ? Trust.NOTHING
                    : Trust.EVERYTHING;
        }
        if (last.get().incarnation().equals(returning.incarnation())) {
            return Trust.EVERYTHING;
        }
        return returning
                .worstSince(last.get())
                .map(stop -> stop == StopKind.MACHINE ? Trust.WHAT_WAS_ON_DISK : Trust.EVERYTHING)
                .orElse(Trust.NOTHING);
    }

    private static Set<Integer> distrusted(Map<Integer, Trust> returning, boolean durable) {
        Set<Integer> distrusted = new HashSet<>();
        returning.forEach(
                (id, trust) -> {
                    if (trust == Trust.NOTHING || trust == Trust.WHAT_WAS_ON_DISK && !durable) {
                        distrusted.add(id);
                    }
                });
        return distrusted;
    }

    /** Also what a controlled stop begins with: from now on the broker is in no ISR but as last. */
    List<MetadataRecord> fenced(ClusterImage image, int brokerId, long brokerEpoch) {
        BrokerRegistration known = image.brokers().get(brokerId);
        if (known == null || known.epoch() != brokerEpoch || known.fenced()) {
            return List.of();
        }
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.BrokerRegistered(known.withFenced()));
        IntPredicate live = id -> id != brokerId && ElectionRules.isLive(image, id);
        records.addAll(step(image, live, Set.of(), Map.of()));
        return records;
    }

    /**
     * A leader that restarted between two events gets a new leader epoch too: what it was told
     * before it stopped must not count any more.
     */
    private List<MetadataRecord> step(
            ClusterImage image,
            IntPredicate live,
            Set<Integer> restarted,
            Map<Integer, Trust> returning) {
        List<MetadataRecord> records = new ArrayList<>();
        Set<Integer> mayMissPageCache = distrusted(returning, false);
        Set<Integer> mayMissDisk = distrusted(returning, true);
        for (TopicState topic : image.topics().values()) {
            ElectionRules topicRules = rules.of(image, topic.name(), live);
            Set<Integer> distrusted =
                    ElectionRules.isDurable(image, topic.name()) ? mayMissDisk : mayMissPageCache;
            for (int i = 0; i < topic.partitions().size(); i++) {
                int partition = i;
                PartitionState state = topic.partitions().get(i);
                PartitionStep step = PartitionStep.of(state, topicRules).distrusting(distrusted);
                if (restarted.contains(state.leader())) {
                    step.leaderUnseated();
                }
                step.next()
                        .ifPresent(
                                next ->
                                        records.add(
                                                new MetadataRecord.PartitionChanged(
                                                        topic.id(), partition, next)));
            }
        }
        return records;
    }
}
