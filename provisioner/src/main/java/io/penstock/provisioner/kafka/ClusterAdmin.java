package io.penstock.provisioner.kafka;

import static io.penstock.provisioner.kafka.Answers.await;
import static io.penstock.provisioner.kafka.Answers.awaitUnless;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cluster's administration: topics, credentials, groups. Keeps connections open; safe for use by
 * many threads. Every call ends within its limit, and throws {@link ClusterUnavailableException}
 * when the cluster does not answer as it should.
 */
public final class ClusterAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterAdmin.class);

    /** Longest a single call takes. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final ClusterEndpoint endpoint;
    private final Admin admin;
    private final Credentials credentials;
    private final Groups groups;

    private ClusterAdmin(ClusterEndpoint endpoint, Admin admin) {
        this.endpoint = endpoint;
        this.admin = admin;
        this.credentials = new Credentials(admin);
        this.groups = new Groups(admin);
    }

    /** Opens no connection yet: an unreachable cluster shows at the first call. */
    public static ClusterAdmin connect(ClusterEndpoint endpoint) {
        Map<String, Object> settings = endpoint.clientSettings("penstock-control-plane");
        settings.put("default.api.timeout.ms", Math.toIntExact(CALL_LIMIT.toMillis()));
        settings.put("request.timeout.ms", 5_000);
        return new ClusterAdmin(endpoint, Admin.create(settings));
    }

    public Credentials credentials() {
        return credentials;
    }

    public Groups groups() {
        return groups;
    }

    /** The brokers that are alive now. */
    public ClusterMembers members() throws InterruptedException {
        DescribeClusterResult result = admin.describeCluster();
        Collection<Node> nodes =
                await(result.nodes(), CALL_LIMIT, "asking for the cluster's brokers");
        Node controller = await(result.controller(), CALL_LIMIT, "asking for the controller");
        return new ClusterMembers(
                await(result.clusterId(), CALL_LIMIT, "asking for the cluster's id"),
                controller == null ? -1 : controller.id(),
                nodes.stream().map(Node::id).collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * Waits until that many brokers are alive and one of them is the controller.
     *
     * @throws ClusterUnavailableException when that takes longer than the limit
     */
    public ClusterMembers awaitBrokers(int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            String seen;
            try {
                ClusterMembers members = members();
                if (members.brokerIds().size() >= count && members.controllerId() >= 0) {
                    return members;
                }
                seen = "brokers " + members.brokerIds() + ", controller " + members.controllerId();
            } catch (ClusterUnavailableException e) {
                seen = e.getMessage();
            }
            if (System.nanoTime() + pause.toNanos() > deadline) {
                throw new ClusterUnavailableException(
                        "%d brokers with a controller were awaited for %s, seen last: %s"
                                .formatted(count, limit, seen));
            }
            Thread.sleep(pause);
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    /** The tenant's topics, by name; without those of the service itself. */
    public List<Topic> topics() throws InterruptedException {
        Set<String> names = await(admin.listTopics().names(), CALL_LIMIT, "listing topics");
        List<String> visible =
                names.stream().filter(name -> !Topic.isInternal(name)).sorted().toList();
        if (visible.isEmpty()) {
            return List.of();
        }
        Map<String, TopicDescription> descriptions = new HashMap<>();
        for (var entry : admin.describeTopics(visible).topicNameValues().entrySet()) {
            // A topic may vanish between the two questions.
            awaitUnless(
                            UnknownTopicOrPartitionException.class,
                            entry.getValue(),
                            CALL_LIMIT,
                            "describing topics")
                    .ifPresent(description -> descriptions.put(entry.getKey(), description));
        }
        Map<String, Config> configs = configs(descriptions.keySet());
        return visible.stream()
                .filter(configs::containsKey)
                .map(name -> topic(descriptions.get(name), configs.get(name)))
                .toList();
    }

    /** The topic of this name, if the tenant has it. */
    public Optional<Topic> topic(String name) throws InterruptedException {
        if (Topic.isInternal(name)) {
            return Optional.empty();
        }
        Optional<TopicDescription> description;
        try {
            description =
                    awaitUnless(
                            UnknownTopicOrPartitionException.class,
                            admin.describeTopics(List.of(name)).topicNameValues().get(name),
                            CALL_LIMIT,
                            "describing the topic");
        } catch (ClusterUnavailableException e) {
            if (e.getCause() instanceof InvalidTopicException) {
                return Optional.empty();
            }
            throw e;
        }
        if (description.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(configs(Set.of(name)).get(name))
                .map(config -> topic(description.get(), config));
    }

    public TopicCreation createTopic(NewTopicRequest wanted) throws InterruptedException {
        if (Topic.isInternal(wanted.name())) {
            return new TopicCreation.Refused(
                    "name", "names that begin with __ belong to the service");
        }
        NewTopic topic =
                new NewTopic(
                                wanted.name(),
                                Optional.of(wanted.partitions()),
                                wanted.replicationFactor().isPresent()
                                        ? Optional.of((short) wanted.replicationFactor().getAsInt())
                                        : Optional.empty())
                        .configs(wanted.configs());
        try {
            await(admin.createTopics(List.of(topic)).all(), CALL_LIMIT, "creating the topic");
        } catch (ClusterUnavailableException e) {
            return refusal(wanted.name(), e);
        }
        return new TopicCreation.Created(awaitVisible(wanted.name()));
    }

    public TopicDeletion deleteTopic(String name) throws InterruptedException {
        if (Topic.isInternal(name)) {
            return TopicDeletion.NO_SUCH_TOPIC;
        }
        try {
            await(admin.deleteTopics(List.of(name)).all(), CALL_LIMIT, "deleting the topic");
            return TopicDeletion.DELETED;
        } catch (ClusterUnavailableException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                return TopicDeletion.NO_SUCH_TOPIC;
            }
            throw e;
        }
    }

    /**
     * Proves that records pass through every broker: one is produced to, and read back from, each
     * partition of a topic of the service's own.
     *
     * @throws ClusterUnavailableException when that does not happen within the limit
     */
    public CanaryReport canary(int brokers, Duration limit) throws InterruptedException {
        return new Canary(endpoint, admin).run(brokers, limit);
    }

    /** The answering broker may learn of a topic a moment after the one that took the request. */
    private Topic awaitVisible(String name) throws InterruptedException {
        long deadline = System.nanoTime() + CALL_LIMIT.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Optional<Topic> topic = topic(name);
            if (topic.isPresent()) {
                return topic.get();
            }
            if (System.nanoTime() > deadline) {
                throw new ClusterUnavailableException(
                        "the topic "
                                + name
                                + " was created, but is not visible after "
                                + CALL_LIMIT);
            }
            Thread.sleep(pause);
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    private static TopicCreation refusal(String name, ClusterUnavailableException e) {
        String reason = String.valueOf(e.getCause() == null ? null : e.getCause().getMessage());
        return switch (e.getCause()) {
            case TopicExistsException exists -> new TopicCreation.AlreadyExists(name);
            case InvalidTopicException invalid -> new TopicCreation.Refused("name", reason);
            case InvalidPartitionsException invalid ->
                    new TopicCreation.Refused("partitions", reason);
            case InvalidReplicationFactorException invalid ->
                    new TopicCreation.Refused("replication_factor", reason);
            case InvalidConfigurationException invalid ->
                    new TopicCreation.Refused("configs", reason);
            case InvalidRequestException invalid -> new TopicCreation.Refused("configs", reason);
            case PolicyViolationException violation -> new TopicCreation.Refused("name", reason);
            case null, default -> throw e;
        };
    }

    /** Without those of topics that have vanished. */
    private Map<String, Config> configs(Set<String> topics) throws InterruptedException {
        List<ConfigResource> resources =
                topics.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Config> configs = new HashMap<>();
        for (var entry : admin.describeConfigs(resources).values().entrySet()) {
            awaitUnless(
                            UnknownTopicOrPartitionException.class,
                            entry.getValue(),
                            CALL_LIMIT,
                            "describing the configuration of topics")
                    .ifPresent(found -> configs.put(entry.getKey().name(), found));
        }
        return configs;
    }

    private static Map<String, String> setOnTopic(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static Topic topic(TopicDescription description, Config config) {
        int replicas =
                description.partitions().isEmpty()
                        ? 0
                        : description.partitions().getFirst().replicas().size();
        int asked = Integer.parseInt(config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
        return new Topic(
                description.name(),
                description.partitions().size(),
                replicas,
                // Brokers never ask for more than there are.
                Math.min(asked, replicas),
                setOnTopic(config));
    }

    @Override
    public void close() {
        LOG.debug("closing the connections to {}", endpoint.bootstrapServers());
        admin.close(CLOSE_LIMIT);
    }
}
