package io.penstock.broker.replication;

import io.penstock.broker.log.LogSettings;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Makes this broker's partitions what the newest cluster image says. Images are applied in order on
 * a scheduler of their own, since creating and deleting files blocks.
 *
 * <p>A log is deleted only when its topic id was in one image and is not in the next, or when its
 * partition had a replica here and the controller's newer state says that it has none. What else is
 * found on disk and belongs to no partition of this broker is set aside.
 */
public final class LocalPartitions implements Partitions, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPartitions.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final int self;
    private final LongSupplier brokerEpoch;
    private final PartitionContext context;
    private final InSyncKeeper inSyncKeeper;
    private final FollowerPulses followers = new FollowerPulses();
    private final Following following;
    private final Throttles throttles;
    private final ReplicaLogs logs;
    private final Map<String, String> brokerProperties;
    private final Map<TopicPartition, LocalPartition> partitions = new ConcurrentHashMap<>();
    private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
    private final Scheduler applying;
    private volatile StreamPosition applied = StreamPosition.NONE;

    /** The last image that was applied; only the applying thread looks at it. */
    private ClusterImage last = ClusterImage.EMPTY;

    /**
     * @param brokerProperties this broker's properties, which give topics their defaults
     */
    public LocalPartitions(
            ReplicationSurroundings surroundings,
            ReplicaLogs logs,
            Map<String, String> brokerProperties) {
        this.self = surroundings.self();
        this.brokerEpoch = surroundings.brokerEpoch();
        this.logs = logs;
        this.brokerProperties = Map.copyOf(brokerProperties);
        this.applying = surroundings.schedulers().create("partition-metadata");
        OwnPulse pulse =
                new OwnPulse(
                        surroundings.settings().silenceLimit(),
                        surroundings.clock().monotonicNanos());
        this.inSyncKeeper = new InSyncKeeper(surroundings, partitions.values(), pulse);
        this.throttles = new Throttles(self, surroundings.clock());
        this.following = new ReplicaFetchers(surroundings, throttles);
        this.context =
                new PartitionContext(
                        self,
                        surroundings.settings(),
                        surroundings.clock(),
                        surroundings.lease(),
                        surroundings.eligibleBrokers(),
                        pulse,
                        followers,
                        inSyncKeeper::wanted);
    }

    /** Begins to follow the images, and the logs' maintenance. */
    public void start(MetadataCache cache) {
        cache.subscribe((previous, next) -> enqueue(next));
        logs.startMaintenance(this::highWatermark);
        inSyncKeeper.start();
    }

    /** Listeners must be added before {@link #start}. */
    public void addListener(LeadershipListener listener) {
        listeners.add(listener);
    }

    @Override
    public Optional<Partition> find(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    @Override
    public Collection<Partition> all() {
        return Collections.unmodifiableCollection(partitions.values());
    }

    /** As {@link #find}, with what only this implementation offers. */
    public Optional<LocalPartition> findLocal(TopicPartition partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    /** The replicas of each partition led here. */
    public List<ReplicaCounts> led() {
        return partitions.values().stream()
                .map(LocalPartition::counts)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The replicas of the partition, if it is led here. */
    public Optional<ReplicaCounts> counts(TopicPartition partition) {
        return findLocal(partition).flatMap(LocalPartition::counts);
    }

    /** Records that the followed partition furthest behind has yet to copy. */
    public long largestFollowerLag() {
        return following.largestLag();
    }

    /** Changes of in-sync replicas that the controller granted to leaders here, ever. */
    public InSyncChanges inSyncChanges() {
        return new InSyncChanges(inSyncKeeper.shrinks(), inSyncKeeper.expands());
    }

    /** How often sets of in-sync replicas shrank and grew. */
    public record InSyncChanges(long shrinks, long expands) {}

    FollowerPulses followers() {
        return followers;
    }

    Throttles throttles() {
        return throttles;
    }

    /** Where in the metadata stream the image stands that was applied last. */
    public StreamPosition appliedPosition() {
        return applied;
    }

    private void enqueue(ClusterImage next) {
        applying.execute(() -> apply(next));
    }

    private void apply(ClusterImage next) {
        boolean first = last.position().equals(StreamPosition.NONE);
        if (next.position().equals(StreamPosition.NONE) || first && isOfAnEarlierProcess(next)) {
            return;
        }
        try {
            throttles.onImage(next);
            following.onImage(next);
            removeGoneTopics(next);
            boolean all = first || !defaults(last).equals(defaults(next));
            for (TopicState topic : next.topics().values()) {
                boolean configured = all || !configs(topic, last).equals(configs(topic, next));
                if (configured || !topic.equals(last.topics().get(topic.name()))) {
                    applyTopic(topic, next, configured);
                }
            }
            if (first) {
                setUnknownAside(next);
            }
            if (!next.brokers().equals(last.brokers())) {
                inSyncKeeper.lookAtAll();
            }
        } catch (RuntimeException failure) {
            LOG.error("the image {} was not applied wholly", next.position(), failure);
        } finally {
            last = next;
            applied = next.position();
        }
    }

    /**
     * What the controller decided about this broker's last process does not count for this one. It
     * may have lost records of the epoch that the other led, and must not lead on in it.
     */
    private boolean isOfAnEarlierProcess(ClusterImage image) {
        BrokerRegistration own = image.brokers().get(self);
        return own != null && own.epoch() < brokerEpoch.getAsLong();
    }

    private static Map<String, String> configs(TopicState topic, ClusterImage image) {
        return image.config(ConfigResource.Type.TOPIC, topic.name());
    }

    /** Topic ids that were there and are not any more: an explicit deletion. */
    private void removeGoneTopics(ClusterImage next) {
        for (TopicState topic : last.topics().values()) {
            TopicState present = next.topics().get(topic.name());
            if (present != null && present.id().equals(topic.id())) {
                continue;
            }
            for (int number = 0; number < topic.partitions().size(); number++) {
                remove(new TopicPartition(topic.name(), number), OptionalInt.empty(), true);
            }
        }
    }

    /**
     * @param all whether partitions whose state is as before may still have to change
     */
    private void applyTopic(TopicState topic, ClusterImage next, boolean all) {
        List<PartitionState> before =
                all
                        ? List.of()
                        : last.topic(topic.id()).map(TopicState::partitions).orElse(List.of());
        LogSettings settings;
        try {
            settings = LogSettings.of(configs(topic, next), defaults(next));
        } catch (IllegalArgumentException invalid) {
            LOG.error("{} has an invalid configuration: {}", topic.name(), invalid.getMessage());
            settings = LogSettings.of(Map.of(), brokerProperties);
        }
        for (int number = 0; number < topic.partitions().size(); number++) {
            TopicPartition partition = new TopicPartition(topic.name(), number);
            PartitionState state = topic.partitions().get(number);
            if (number < before.size() && before.get(number).equals(state)) {
                continue;
            }
            try {
                if (state.replicas().contains(self)) {
                    applyReplica(partition, topic, state, settings);
                    throttles.configure(partition, configs(topic, next));
                } else {
                    // Moved away under this process's eyes, it is of no use any more.
                    boolean movedAway = partitions.containsKey(partition);
                    remove(partition, OptionalInt.of(state.leaderEpoch()), movedAway);
                }
            } catch (IOException | UncheckedIOException failure) {
                LOG.error("{} cannot be served", partition, failure);
            }
        }
    }

    /** Dynamic defaults of the cluster and of this broker over the properties file. */
    private Map<String, String> defaults(ClusterImage image) {
        Map<String, String> cluster = image.config(ConfigResource.Type.BROKER, "");
        Map<String, String> own = image.config(ConfigResource.Type.BROKER, Integer.toString(self));
        if (cluster.isEmpty() && own.isEmpty()) {
            return brokerProperties;
        }
        Map<String, String> merged = new HashMap<>(brokerProperties);
        merged.putAll(cluster);
        merged.putAll(own);
        return merged;
    }

    private void applyReplica(
            TopicPartition partition, TopicState topic, PartitionState state, LogSettings settings)
            throws IOException {
        Optional<ReplicaLog> onDisk = logs.find(partition);
        if (onDisk.isPresent() && !onDisk.get().topicId().equals(topic.id())) {
            remove(partition, OptionalInt.empty(), false);
        }
        LocalPartition local = partitions.get(partition);
        if (local == null) {
            ReplicaLog log = logs.create(partition, topic.id(), settings);
            local = new LocalPartition(context, log, logs.checkpointedHighWatermark(partition));
            partitions.put(partition, local);
        } else {
            local.log().changeSettings(settings);
        }
        announce(partition, local.become(state, settings.minInSyncReplicas()));
        if (local.role() instanceof ReplicaRole.Follower follower) {
            following.follow(local, follower.leader(), follower.epoch());
        } else {
            following.unfollow(local);
        }
    }

    private void announce(TopicPartition partition, LocalPartition.Transition transition) {
        switch (transition) {
            case LocalPartition.Transition.Elected elected -> {
                if (elected.ledBefore()) {
                    tell(l -> l.onResigned(partition, OptionalInt.of(elected.epoch())));
                }
                tell(l -> l.onElected(partition, elected.epoch()));
            }
            case LocalPartition.Transition.Resigned resigned ->
                    tell(l -> l.onResigned(partition, resigned.newEpoch()));
            case LocalPartition.Transition.Unchanged unchanged -> {}
        }
    }

    private interface Telling {
        void to(LeadershipListener listener);
    }

    private void tell(Telling telling) {
        for (LeadershipListener listener : listeners) {
            try {
                telling.to(listener);
            } catch (RuntimeException failure) {
                LOG.error("a listener of leadership failed", failure);
            }
        }
    }

    private void remove(TopicPartition partition, OptionalInt newEpoch, boolean delete) {
        LocalPartition local = partitions.remove(partition);
        if (local != null) {
            following.unfollow(local);
            if (local.remove()) {
                tell(l -> l.onResigned(partition, newEpoch));
            }
        }
        try {
            if (delete) {
                logs.delete(partition);
            } else {
                logs.setAside(partition);
            }
        } catch (IOException failure) {
            LOG.error("{} was not removed", partition, failure);
        }
    }

    private void setUnknownAside(ClusterImage image) {
        for (ReplicaLog log : List.copyOf(logs.all())) {
            TopicPartition partition = log.topicPartition();
            if (!partitions.containsKey(partition)) {
                LOG.warn("{} is in no topic of image {}", partition, image.position());
                remove(partition, OptionalInt.empty(), false);
            }
        }
    }

    private long highWatermark(TopicPartition partition) {
        LocalPartition local = partitions.get(partition);
        return local != null ? local.highWatermark() : logs.checkpointedHighWatermark(partition);
    }

    /**
     * Resigns from all partitions and closes the logs.
     *
     * @param brokerEpoch epoch of the registration that ends, or -1
     */
    public void close(long brokerEpoch) throws IOException {
        inSyncKeeper.close();
        applying.close(STOP_LIMIT);
        following.close();
        Map<TopicPartition, Long> watermarks = new HashMap<>();
        partitions.forEach(
                (partition, local) -> {
                    local.remove();
                    watermarks.put(partition, local.highWatermark());
                });
        logs.close(
                brokerEpoch,
                partition ->
                        watermarks.getOrDefault(
                                partition, logs.checkpointedHighWatermark(partition)));
    }

    @Override
    public void close() throws IOException {
        close(-1);
    }
}
