package io.penstock.broker.simulation;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Producers and consumers of every partition that there is: those of a new one begin when it is
 * committed, those of a deleted one have nothing more to do.
 */
final class Workload {

    private static final short ACKS_ALL = -1;
    private static final int CLIENTS_PER_PARTITION = 2;

    private final SimulatedCluster cluster;
    private final InvariantChecker checker;
    private final SplittableRandom random;
    private final Map<TopicIdPartition, Clients> served = new LinkedHashMap<>();
    private final Map<Uuid, Integer> begun = new HashMap<>();
    private ClusterImage seen = ClusterImage.EMPTY;
    private long acknowledgedByRetired;
    private int clients;
    private boolean stopped;

    private record Clients(List<SimulatedProducer> producers, List<SimulatedConsumer> consumers) {}

    Workload(SimulatedCluster cluster, InvariantChecker checker, SplittableRandom random) {
        this.cluster = cluster;
        this.checker = checker;
        this.random = random;
        cluster.afterStep(this::look);
    }

    private void look() {
        ClusterImage now = checker.committed();
        if (now == seen) {
            return;
        }
        seen = now;
        served.entrySet().removeIf(each -> isGone(each.getKey()) && retire(each.getValue()));
        for (TopicState topic : now.topics().values()) {
            int known = begun.getOrDefault(topic.id(), 0);
            for (int number = known; number < topic.partitions().size(); number++) {
                begin(new TopicIdPartition(topic.id(), number, topic.name()));
            }
            begun.put(topic.id(), Math.max(known, topic.partitions().size()));
        }
    }

    private boolean isGone(TopicIdPartition partition) {
        return PartitionStates.of(seen, partition).isEmpty();
    }

    private boolean retire(Clients gone) {
        for (SimulatedProducer producer : gone.producers()) {
            producer.retire();
            acknowledgedByRetired += producer.acknowledged();
        }
        gone.consumers().forEach(SimulatedConsumer::retire);
        return true;
    }

    private void begin(TopicIdPartition partition) {
        Clients made = new Clients(new ArrayList<>(), new ArrayList<>());
        served.put(partition, made);
        for (int i = 0; i < CLIENTS_PER_PARTITION; i++) {
            short acks = i == 0 || random.nextBoolean() ? ACKS_ALL : 1;
            SimulatedProducer producer =
                    new SimulatedProducer(
                            client(),
                            checker,
                            partition,
                            acks,
                            clients * 1_000L,
                            80 + random.nextInt(200));
            made.producers().add(producer);
            producer.start();
            SimulatedConsumer consumer =
                    new SimulatedConsumer(client(), checker, partition, i == 1);
            made.consumers().add(consumer);
            consumer.start();
            if (stopped) {
                producer.stop();
            }
        }
    }

    private SimulatedClient client() {
        return new SimulatedClient("client-" + clients++, cluster, random.split());
    }

    /** No producer begins another batch. */
    void stop() {
        stopped = true;
        served.values().forEach(each -> each.producers().forEach(SimulatedProducer::stop));
    }

    boolean isAcknowledged() {
        return served.values().stream()
                .flatMap(each -> each.producers().stream())
                .allMatch(SimulatedProducer::isIdle);
    }

    boolean isRead() {
        return served.entrySet().stream().allMatch(each -> isRead(each.getKey(), each.getValue()));
    }

    private boolean isRead(TopicIdPartition partition, Clients of) {
        long end = checker.committedEnd(partition);
        return of.consumers().stream().allMatch(consumer -> consumer.position() >= end);
    }

    long acknowledged() {
        return acknowledgedByRetired
                + served.values().stream()
                        .flatMap(each -> each.producers().stream())
                        .mapToLong(SimulatedProducer::acknowledged)
                        .sum();
    }
}
