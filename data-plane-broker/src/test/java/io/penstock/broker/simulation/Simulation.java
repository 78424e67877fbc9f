package io.penstock.broker.simulation;

import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One life of a cluster, all of it drawn by a seed: it forms, clients write and read, the nemesis
 * does its work, everything is mended, and the cluster must become whole again with every
 * acknowledged record where it was.
 */
final class Simulation {

    private static final Duration FORMING = Duration.ofSeconds(30);
    private static final Duration TROUBLE = Duration.ofSeconds(40);
    private static final Duration MENDING = Duration.ofSeconds(60);

    private final SplittableRandom random;
    private final boolean rejecting;

    /** The topic asks for its records on disk, and machines may lose power together. */
    private final boolean durable;

    private final SimulatedCluster cluster;
    private final InvariantChecker checker;
    private final TopicChanges topics;
    private final Workload workload;

    /**
     * What a life came to.
     *
     * @param digest of everything that happened, in order
     */
    record Outcome(long digest, long events, long virtualMillis, long acknowledged) {}

    Simulation(long seed, Mutation mutation) {
        this.random = new SplittableRandom(seed);
        this.rejecting = seed % 4 == 3;
        this.durable = seed % 5 == 2;
        int size = random.nextInt(4) == 0 ? 5 : 3;
        this.cluster = new SimulatedCluster(random.nextLong(), size, mutation);
        this.checker = new InvariantChecker(cluster, TopicChanges.MINIMUM_IN_SYNC, durable);
        this.topics = new TopicChanges(cluster, random.split(), checker::committed, durable);
        this.workload = new Workload(cluster, checker, random.split());
        cluster.observeAppends(checker::appends);
    }

    SimulatedCluster cluster() {
        return cluster;
    }

    /** For {@link MutatedCode}: the name of the invariant that breaks, or an empty text. */
    static String verdict(long seed, String mutation) {
        try {
            new Simulation(seed, Mutation.valueOf(mutation)).run();
            return "";
        } catch (Violation found) {
            return found.invariant();
        }
    }

    /**
     * @throws Violation of the first invariant that does not hold
     */
    Outcome run() {
        try (cluster) {
            return live();
        }
    }

    private Outcome live() {
        form();
        Nemesis nemesis =
                new Nemesis(
                        cluster, topics, random.split(), rejecting, durable, checker::committed);
        nemesis.start();
        cluster.runFor(TROUBLE);
        nemesis.stop();
        mend();
        return new Outcome(
                cluster.time().digest(),
                cluster.time().eventsHappened(),
                cluster.time().millis(),
                workload.acknowledged());
    }

    private void form() {
        int size = cluster.machines().size();
        for (int id = 0; id < size; id++) {
            cluster.start(id);
        }
        expect(
                "the brokers find each other",
                FORMING,
                cluster.runUntil(
                        FORMING,
                        () ->
                                cluster.brokers().stream()
                                        .allMatch(b -> b.image().brokers().size() == size)));
        topics.createLasting(cluster.brokers().getFirst(), 1 + random.nextInt(2));
        expect(
                "all know the topic",
                FORMING,
                cluster.runUntil(
                        FORMING,
                        () ->
                                cluster.brokers().stream()
                                        .allMatch(
                                                b ->
                                                        b.image()
                                                                .topic(TopicChanges.LASTING)
                                                                .isPresent())));
    }

    /**
     * With nothing broken any more, everything comes back (and nothing acknowledged is missing).
     */
    private void mend() {
        expect("all replicas are in sync", MENDING, cluster.runUntil(MENDING, this::isWhole));
        workload.stop();
        expect(
                "every record is acknowledged",
                MENDING,
                cluster.runUntil(MENDING, workload::isAcknowledged));
        expect(
                "everybody has read everything",
                MENDING,
                cluster.runUntil(MENDING, workload::isRead));
        expect(
                "nothing is left of what was deleted or moved away",
                MENDING,
                cluster.runUntil(MENDING, this::isTidy));
    }

    private boolean isWhole() {
        if (cluster.brokers().size() < cluster.machines().size()) {
            return false;
        }
        for (TopicState topic : checker.committed().topics().values()) {
            for (PartitionState state : topic.partitions()) {
                if (!state.hasLeader()
                        || state.isReassigning()
                        || state.inSync().size() < state.replicas().size()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isTidy() {
        for (SimulatedMachine machine : cluster.machines()) {
            for (MemoryLog log : machine.logs().values()) {
                TopicPartition name = log.topicPartition();
                boolean wanted =
                        PartitionStates.of(
                                        checker.committed(),
                                        new TopicIdPartition(log.topicId(), name))
                                .filter(state -> state.replicas().contains(machine.brokerId()))
                                .isPresent();
                if (!wanted) {
                    return false;
                }
            }
        }
        return true;
    }

    private void expect(String what, Duration limit, boolean happened) {
        if (!happened) {
            throw new Violation(
                    "progress",
                    cluster.time().millis(),
                    "within %s it was not so that %s: %s"
                            .formatted(limit, what, Map.of("state", checker.committed().topics())));
        }
    }
}
