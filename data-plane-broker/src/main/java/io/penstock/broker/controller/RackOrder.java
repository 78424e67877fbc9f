package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brokers in a circle in which neighbours are in different racks (KIP-36). When one of them names
 * no rack, each counts as a rack of its own.
 *
 * @param brokers ids in the order of the circle
 * @param racks rack of each
 */
record RackOrder(List<Integer> brokers, Map<Integer, String> racks) {

    static RackOrder of(List<BrokerRegistration> registrations) {
        boolean allNamed = registrations.stream().allMatch(b -> b.rack().isPresent());
        Map<Integer, String> racks = new HashMap<>();
        TreeMap<String, Queue<Integer>> byRack = new TreeMap<>();
        List<Integer> ids = new ArrayList<>();
        registrations.stream()
                .sorted(Comparator.comparingInt(BrokerRegistration::id))
                .forEach(
                        broker -> {
                            String rack = allNamed ? broker.rack().get() : "" + broker.id();
                            ids.add(broker.id());
                            racks.put(broker.id(), rack);
                            byRack.computeIfAbsent(rack, r -> new ArrayDeque<>()).add(broker.id());
                        });
        return new RackOrder(allNamed ? alternating(byRack) : List.copyOf(ids), Map.copyOf(racks));
    }

    private static List<Integer> alternating(TreeMap<String, Queue<Integer>> byRack) {
        List<Integer> order = new ArrayList<>();
        while (!byRack.isEmpty()) {
            byRack.values().forEach(queue -> order.add(queue.remove()));
            byRack.values().removeIf(Queue::isEmpty);
        }
        return List.copyOf(order);
    }

    /** Where the broker stands in the circle; 0 when it does not. */
    int positionOf(int broker) {
        return Math.max(0, brokers.indexOf(broker));
    }

    /**
     * The leader stands at the position. Of the brokers after it, first those are taken whose rack
     * has none of the replicas yet.
     *
     * @param shift how far the first follower stands from the leader
     * @param factor not more than there are brokers
     */
    List<Integer> replicas(int position, int shift, short factor) {
        int count = brokers.size();
        int rackCount = Set.copyOf(racks.values()).size();
        int step = rackCount == count ? 1 : rackCount;
        int leader = position % count;
        List<Integer> replicas = new ArrayList<>(factor);
        Set<String> taken = new HashSet<>();
        replicas.add(brokers.get(leader));
        taken.add(racks.get(brokers.get(leader)));
        for (int k = 0; replicas.size() < factor; k++) {
            int distance = 1 + (int) (((long) shift * step + k) % (count - 1));
            int candidate = brokers.get((leader + distance) % count);
            boolean rackIsFree = taken.size() == rackCount || !taken.contains(racks.get(candidate));
            if (rackIsFree && !replicas.contains(candidate)) {
                replicas.add(candidate);
                taken.add(racks.get(candidate));
            }
        }
        return List.copyOf(replicas);
    }
}
