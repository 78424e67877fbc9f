package io.penstock.broker.simulation;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What an administrator does to topics, through any broker that runs. One topic stays; another is
 * deleted and made again under its name. Nobody waits for the answers: what was done shows.
 */
final class TopicChanges {

    static final String LASTING = "orders";
    static final int MINIMUM_IN_SYNC = 2;

    private static final String PASSING = "visits";
    private static final short REPLICAS = 3;
    private static final int MOST_PARTITIONS = 3;
    private static final int LIMIT_MILLIS = 10_000;

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final Supplier<ClusterImage> committed;
    private final boolean durable;

    /**
     * @param durable whether topics ask for their records on disk
     */
    TopicChanges(
            SimulatedCluster cluster,
            SplittableRandom random,
            Supplier<ClusterImage> committed,
            boolean durable) {
        this.cluster = cluster;
        this.random = random;
        this.committed = committed;
        this.durable = durable;
    }

    /** The topic that is there all the time. */
    void createLasting(SimulatedBroker through, int partitions) {
        create(through, LASTING, partitions);
    }

    /** Deletes the topic that comes and goes, or makes it again. */
    void deleteOrCreate() {
        boolean exists = committed.get().topic(PASSING).isPresent();
        anybody()
                .forEach(
                        through -> {
                            if (exists) {
                                delete(through);
                            }
                            if (!exists || random.nextBoolean()) {
                                create(through, PASSING, 1 + random.nextInt(2));
                            }
                        });
    }

    void grow() {
        anybody().forEach(this::grow);
    }

    /** Adds a partition to some topic, if it is not large already. */
    void grow(SimulatedBroker through) {
        TopicState topic = anyTopic();
        int size = topic.partitions().size();
        if (size < MOST_PARTITIONS) {
            CreatePartitionsRequestData request =
                    new CreatePartitionsRequestData().setTimeoutMs(LIMIT_MILLIS);
            request.topics()
                    .add(new CreatePartitionsTopic().setName(topic.name()).setCount(size + 1));
            submit(through, ApiKeys.CREATE_PARTITIONS, (short) 3, request);
        }
    }

    void reassign() {
        anybody().forEach(this::reassign);
    }

    /** Moves a partition to two or three brokers, or calls off what moves. */
    void reassign(SimulatedBroker through) {
        TopicState topic = anyTopic();
        int number = random.nextInt(topic.partitions().size());
        PartitionState state = topic.partitions().get(number);
        boolean cancels = state.isReassigning() && random.nextBoolean();
        var request =
                new AlterPartitionReassignmentsRequestData()
                        .setTimeoutMs(LIMIT_MILLIS)
                        .setTopics(
                                List.of(
                                        new ReassignableTopic()
                                                .setName(topic.name())
                                                .setPartitions(
                                                        List.of(
                                                                new ReassignablePartition()
                                                                        .setPartitionIndex(number)
                                                                        .setReplicas(
                                                                                cancels
                                                                                        ? null
                                                                                        : anywhere())))));
        submit(through, ApiKeys.ALTER_PARTITION_REASSIGNMENTS, (short) 1, request);
    }

    private List<Integer> anywhere() {
        List<Integer> left = new ArrayList<>();
        cluster.machines().forEach(machine -> left.add(machine.brokerId()));
        List<Integer> target = new ArrayList<>();
        int size = random.nextInt(4) == 0 ? MINIMUM_IN_SYNC : REPLICAS;
        while (target.size() < size) {
            target.add(left.remove(random.nextInt(left.size())));
        }
        return target;
    }

    private TopicState anyTopic() {
        ClusterImage image = committed.get();
        return image.topic(PASSING)
                .filter(passing -> random.nextBoolean())
                .orElseGet(() -> image.topic(LASTING).orElseThrow());
    }

    /** One of the brokers that run, or none if none does. */
    private List<SimulatedBroker> anybody() {
        List<SimulatedBroker> running =
                cluster.brokers().stream().filter(b -> b.process().isRunning()).toList();
        return running.isEmpty() ? running : List.of(running.get(random.nextInt(running.size())));
    }

    private void create(SimulatedBroker through, String name, int partitions) {
        CreatableTopic topic =
                new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor(REPLICAS);
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
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(LIMIT_MILLIS);
        request.topics().add(topic);
        submit(through, ApiKeys.CREATE_TOPICS, (short) 7, request);
    }

    private static void delete(SimulatedBroker through) {
        submit(
                through,
                ApiKeys.DELETE_TOPICS,
                (short) 6,
                new DeleteTopicsRequestData()
                        .setTimeoutMs(LIMIT_MILLIS)
                        .setTopics(List.of(new DeleteTopicState().setName(PASSING))));
    }

    private static void submit(
            SimulatedBroker through, ApiKeys key, short version, ApiMessage request) {
        var unheard = through.membership().controller().submit(key, version, request, LIMIT_MILLIS);
        unheard.exceptionally(failure -> null);
    }
}
