package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which brokers get the replicas of new partitions: leaders go round the brokers, followers follow
 * them at a distance that grows with every round, and a partition's replicas lie in as many racks
 * as there are (KIP-36). Only brokers that live now count.
 */
final class PartitionPlacement {

    /** The topic's znode, one entry for each partition, must stay well below ZooKeeper's 1 MiB. */
    static final int MAX_PARTITIONS = 10_000;

    /** The packed znodes count replicas in one byte, and a reassignment may double them. */
    static final short MAX_REPLICATION_FACTOR = 100;

    private final RandomGenerator random;

    PartitionPlacement(RandomGenerator random) {
        this.random = random;
    }

    /** Replicas of a new topic's partitions, from random places on. */
    List<List<Integer>> place(ClusterImage image, int partitions, short factor) throws Refusal {
        List<BrokerRegistration> brokers = usable(image, 0, partitions, factor);
        return place(RackOrder.of(brokers), random.nextInt(brokers.size()), 0, partitions, factor);
    }

    /** Replicas of partitions that a topic gets more, going on round the brokers as before. */
    List<List<Integer>> placeMore(ClusterImage image, TopicState topic, int added) throws Refusal {
        int existing = topic.partitions().size();
        List<Integer> first = topic.partitions().getFirst().replicas();
        short factor = (short) first.size();
        RackOrder order = RackOrder.of(usable(image, existing, added, factor));
        return place(order, order.positionOf(first.getFirst()), existing, added, factor);
    }

    private static List<BrokerRegistration> usable(
            ClusterImage image, int existing, int partitions, short factor) throws Refusal {
        if (partitions <= 0) {
            throw Refusal.of(
                    Errors.INVALID_PARTITIONS,
                    "the number of partitions must be at least 1, but is " + partitions);
        }
        requireCount(existing + (long) partitions);
        requireFactor(factor);
        List<BrokerRegistration> brokers =
                image.brokers().values().stream().filter(PartitionPlacement::isUsable).toList();
        if (factor > brokers.size()) {
            throw Refusal.of(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "replication factor "
                            + factor
                            + " needs as many brokers; available are "
                            + brokers.size());
        }
        return brokers;
    }

    private List<List<Integer>> place(
            RackOrder order, int start, int first, int partitions, short factor) {
        int count = order.brokers().size();
        int shift = random.nextInt(count);
        List<List<Integer>> placed = new ArrayList<>(partitions);
        for (int p = first; p < first + partitions; p++) {
            if (p > first && p % count == 0) {
                shift++;
            }
            placed.add(order.replicas(start + p, shift, factor));
        }
        return placed;
    }

    /** Checks an assignment that the asker gave, by partition number from 0. */
    static List<List<Integer>> manual(ClusterImage image, Map<Integer, List<Integer>> byIndex)
            throws Refusal {
        requireCount(byIndex.size());
        List<List<Integer>> replicas = new ArrayList<>(byIndex.size());
        for (int p = 0; p < byIndex.size(); p++) {
            List<Integer> assigned = byIndex.get(p);
            if (assigned == null) {
                throw Refusal.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions must be numbered from 0 without a gap; " + p + " is missing");
            }
            if (assigned.isEmpty() || new HashSet<>(assigned).size() != assigned.size()) {
                throw Refusal.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partition "
                                + p
                                + " needs at least one replica and none twice: "
                                + assigned);
            }
            if (p > 0 && assigned.size() != replicas.getFirst().size()) {
                throw Refusal.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "all partitions must have the same number of replicas");
            }
            requireFactor((short) assigned.size());
            for (int id : assigned) {
                if (!isUsable(image.brokers().get(id))) {
                    throw Refusal.of(
                            Errors.INVALID_REPLICA_ASSIGNMENT,
                            "broker " + id + " is not registered, or is stopping");
                }
            }
            replicas.add(List.copyOf(assigned));
        }
        return replicas;
    }

    static boolean isUsable(BrokerRegistration broker) {
        return broker != null && !broker.fenced();
    }

    private static void requireCount(long partitions) throws Refusal {
        if (partitions > MAX_PARTITIONS) {
            throw Refusal.of(
                    Errors.INVALID_PARTITIONS,
                    "a topic may have at most "
                            + MAX_PARTITIONS
                            + " partitions, so that its ZooKeeper node stays below the node size"
                            + " limit of 1 MiB; asked for "
                            + partitions);
        }
    }

    private static void requireFactor(short factor) throws Refusal {
        if (factor < 1 || factor > MAX_REPLICATION_FACTOR) {
            throw Refusal.of(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "replication factor "
                            + factor
                            + " is not allowed; allowed are 1 to "
                            + MAX_REPLICATION_FACTOR);
        }
    }
}
