package io.penstock.broker.group;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The topic that holds groups and their offsets: which partition of it a group belongs to, who
 * leads that, and its creation when the first group is looked for.
 *
 * <p>It is created with as many replicas as configured or not at all, as Kafka does it: while too
 * few brokers are live, groups have no coordinator yet and clients ask again. With fewer replicas
 * it would stay so, and one broker's loss would take the groups' offsets away. Where nothing is
 * configured, the brokers that are live have to do: a lone broker serves groups as it comes.
 */
final class OffsetsTopic {

    static final String NAME = Topic.GROUP_METADATA_TOPIC_NAME;

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTopic.class);

    private static final short CREATE_TOPICS_VERSION = 7;
    private static final int DEFAULT_REPLICAS = 3;

    private final GroupSettings settings;
    private final MetadataCache metadata;
    private final ControllerChannel controller;
    private final long creationTimeoutMillis;

    /** One creation at a time, however many clients look for a coordinator meanwhile. */
    private final AtomicReference<CompletableFuture<Void>> creation = new AtomicReference<>();

    private final AtomicReference<String> lastObstacle = new AtomicReference<>();

    OffsetsTopic(
            GroupSettings settings,
            MetadataCache metadata,
            ControllerChannel controller,
            long creationTimeoutMillis) {
        this.settings = settings;
        this.metadata = metadata;
        this.controller = controller;
        this.creationTimeoutMillis = creationTimeoutMillis;
    }

    boolean exists() {
        return metadata.current().topic(NAME).isPresent();
    }

    /** Partition of the group. Kafka's rule: the smallest integer has no absolute value. */
    static int partitionOf(String group, int partitions) {
        int hash = group.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }

    /** The partition that the group belongs to, if the topic exists. */
    Optional<TopicPartition> partitionFor(String group) {
        return metadata.current()
                .topic(NAME)
                .map(state -> partitionOf(group, state.partitions().size()))
                .map(partition -> new TopicPartition(NAME, partition));
    }

    /**
     * The broker that leads the group's partition, if the topic exists and it has a live leader.
     */
    Optional<BrokerRegistration> leaderFor(String group) {
        ClusterImage image = metadata.current();
        return image.topic(NAME)
                .map(TopicState::partitions)
                .map(partitions -> partitions.get(partitionOf(group, partitions.size())))
                .filter(PartitionState::hasLeader)
                .map(partition -> image.brokers().get(partition.leader()));
    }

    /**
     * Has the topic created if it does not exist. Completes, never exceptionally, when that was
     * tried; the image then tells whether it exists.
     *
     * @param configs the topic's configuration
     */
    CompletableFuture<Void> ensureExists(Map<String, String> configs) {
        if (exists()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = creation.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        submit(configs)
                .handle(
                        (response, failure) -> {
                            report((CreateTopicsResponseData) response, failure);
                            creation.set(null);
                            mine.complete(null);
                            return null;
                        });
        return mine;
    }

    private CompletableFuture<ApiMessage> submit(Map<String, String> configs) {
        try {
            return controller.submit(
                    ApiKeys.CREATE_TOPICS,
                    CREATE_TOPICS_VERSION,
                    request(configs),
                    creationTimeoutMillis);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CreateTopicsRequestData request(Map<String, String> configs) {
        CreatableTopicConfigCollection entries = new CreatableTopicConfigCollection();
        configs.forEach(
                (name, value) ->
                        entries.add(new CreatableTopicConfig().setName(name).setValue(value)));
        CreatableTopic topic =
                new CreatableTopic()
                        .setName(NAME)
                        .setNumPartitions(settings.offsetsTopicPartitions())
                        .setReplicationFactor(replicationFactor())
                        .setConfigs(entries);
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setTimeoutMs((int) creationTimeoutMillis);
        request.topics().add(topic);
        return request;
    }

    private short replicationFactor() {
        return (short)
                settings.offsetsTopicReplicationFactor()
                        .orElseGet(() -> Math.min(DEFAULT_REPLICAS, liveBrokers()));
    }

    private int liveBrokers() {
        return (int)
                metadata.current().brokers().values().stream()
                        .filter(broker -> !broker.fenced())
                        .count();
    }

    private void report(CreateTopicsResponseData response, Throwable failure) {
        if (failure != null) {
            complain(failure.toString());
            return;
        }
        response.topics()
                .forEach(
                        topic -> {
                            Errors error = Errors.forCode(topic.errorCode());
                            if (error == Errors.NONE) {
                                LOG.info("Created {}", NAME);
                            } else if (error != Errors.TOPIC_ALREADY_EXISTS) {
                                complain(error + " " + topic.errorMessage());
                            }
                        });
    }

    /** Clients ask again and again while it cannot be: the same obstacle is news only once. */
    private void complain(String obstacle) {
        if (obstacle.equals(lastObstacle.getAndSet(obstacle))) {
            LOG.debug("{} still cannot be created: {}", NAME, obstacle);
        } else {
            LOG.warn("{} could not be created yet: {}", NAME, obstacle);
        }
    }
}
