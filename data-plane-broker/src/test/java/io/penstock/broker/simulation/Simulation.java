package io.penstock.broker.simulation;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.ApiKeys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One life of a cluster, all of it drawn by a seed: it forms, clients write and read, the nemesis
 * does its work, everything is mended, and the cluster must become whole again with every
 * acknowledged record where it was.
 */
final class Simulation {

    private static final String TOPIC = "orders";
    private static final int MINIMUM_IN_SYNC = 2;
    private static final Duration FORMING = Duration.ofSeconds(30);
    private static final Duration TROUBLE = Duration.ofSeconds(40);
    private static final Duration MENDING = Duration.ofSeconds(60);
    private static final short ACKS_ALL = -1;

    private final SplittableRandom random;
    private final boolean rejecting;

    /** The topic asks for its records on disk, and machines may lose power together. */
    private final boolean durable;

    private final SimulatedCluster cluster;
    private final InvariantChecker checker;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final List<SimulatedProducer> producers = new ArrayList<>();
    private final List<SimulatedConsumer> consumers = new ArrayList<>();

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
        this.checker = new InvariantChecker(cluster, MINIMUM_IN_SYNC, durable);
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
        form();
        Nemesis nemesis =
                new Nemesis(cluster, random.split(), rejecting, durable, checker::committed);
        nemesis.start();
        cluster.runFor(TROUBLE);
        nemesis.stop();
        mend();
        return new Outcome(
                cluster.time().digest(),
                cluster.time().eventsHappened(),
                cluster.time().millis(),
                producers.stream().mapToLong(SimulatedProducer::acknowledged).sum());
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
        int count = 1 + random.nextInt(2);
        createTopic(count);
        expect(
                "all know the topic",
                FORMING,
                cluster.runUntil(
                        FORMING,
                        () ->
                                cluster.brokers().stream()
                                        .allMatch(b -> b.image().topic(TOPIC).isPresent())));
        Uuid id = cluster.brokers().getFirst().image().topic(TOPIC).orElseThrow().id();
        for (int number = 0; number < count; number++) {
            TopicPartition partition = new TopicPartition(TOPIC, number);
            partitions.add(partition);
            addClients(partition, id);
        }
    }

    private void createTopic(int partitionCount) {
        CreatableTopic topic =
                new CreatableTopic()
                        .setName(TOPIC)
                        .setNumPartitions(partitionCount)
                        .setReplicationFactor((short) 3);
        topic.configs()
                .add(
                        new CreatableTopicConfig()
                                .setName(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                                .setValue(Integer.toString(MINIMUM_IN_SYNC)));
        if (durable) {
            topic.configs()
                    .add(
                            new CreatableTopicConfig()
                                    .setName(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG)
                                    .setValue("1"));
        }
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics().add(topic);
        cluster.brokers()
                .getFirst()
                .membership()
                .controller()
                .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
    }

    private void addClients(TopicPartition partition, Uuid topicId) {
        for (int i = 0; i < 2; i++) {
            short acks = i == 0 || random.nextBoolean() ? ACKS_ALL : 1;
            SimulatedProducer producer =
                    new SimulatedProducer(
                            client(),
                            checker,
                            partition,
                            topicId,
                            acks,
                            (producers.size() + 1) * 1_000L,
                            80 + random.nextInt(200));
            producers.add(producer);
            producer.start();
            SimulatedConsumer consumer =
                    new SimulatedConsumer(client(), checker, partition, topicId, i == 1);
            consumers.add(consumer);
            consumer.start();
        }
    }

    private SimulatedClient client() {
        return new SimulatedClient(
                "client-" + (producers.size() + consumers.size()), cluster, random.split());
    }

    /**
     * With nothing broken any more, everything comes back (and nothing acknowledged is missing).
     */
    private void mend() {
        expect("all replicas are in sync", MENDING, cluster.runUntil(MENDING, this::isWhole));
        producers.forEach(SimulatedProducer::stop);
        expect(
                "every record is acknowledged",
                MENDING,
                cluster.runUntil(
                        MENDING, () -> producers.stream().allMatch(SimulatedProducer::isIdle)));
        expect("everybody has read everything", MENDING, cluster.runUntil(MENDING, this::isRead));
    }

    private boolean isWhole() {
        if (cluster.brokers().size() < cluster.machines().size()) {
            return false;
        }
        for (TopicState topic : checker.committed().topics().values()) {
            for (PartitionState state : topic.partitions()) {
                if (!state.hasLeader() || state.inSync().size() < state.replicas().size()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isRead() {
        for (int i = 0; i < consumers.size(); i++) {
            TopicPartition partition = partitions.get(i / 2);
            if (consumers.get(i).position() < checker.committedEnd(partition)) {
                return false;
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
