package io.penstock.broker.group;

import com.yammer.metrics.core.MetricsRegistry;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.internals.Plugin;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.PartitionMetadataClient;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Kafka's service with all that it is made of. Building it loads most of its classes, which takes
 * about a second; {@link #startUp} is quick.
 */
final class CoordinatorService implements AutoCloseable {

    private final GroupCoordinatorService service;
    private final MetadataFeed feed;
    private final Metrics metrics = new Metrics();
    private volatile boolean started;

    CoordinatorService(GroupSettings settings, Partitions partitions, TopicVisibility visibility) {
        GroupCoordinatorConfig config = GroupCoordinatorConfig.fromProps(settings.properties());
        String name = "group-coordinator-" + settings.brokerId();
        // Timer, loader and metrics belong to this service alone: its shutdown closes them.
        this.service =
                new GroupCoordinatorService.Builder(settings.brokerId(), config)
                        .withTime(Time.SYSTEM)
                        .withTimer(new SystemTimerReaper(name + "-reaper", new SystemTimer(name)))
                        .withLoader(
                                new OffsetsLogLoader(partitions, config.offsetsLoadBufferSize()))
                        .withWriter(new OffsetsLogWriter(partitions, settings.maxMessageBytes()))
                        .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
                        .withGroupCoordinatorMetrics(
                                new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
                        .withGroupConfigManager(
                                new GroupConfigManager(
                                        config, ShareGroupConfig.fromProps(settings.properties())))
                        .withPersister(new NoOpStatePersister())
                        .withAuthorizerPlugin(
                                Optional.of(
                                        Plugin.wrapInstance(
                                                new PatternAuthorizer(visibility),
                                                metrics,
                                                "authorizer.class.name")))
                        .withPartitionMetadataClient(new LocalLogEnds(partitions))
                        .build();
        this.feed = new MetadataFeed(service);
    }

    /** Before this every request fails with CoordinatorNotAvailableException. */
    void startUp(int offsetsTopicPartitions, ClusterImage image) {
        started = true;
        service.startup(() -> offsetsTopicPartitions);
        feed.start(image);
    }

    GroupCoordinator requests() {
        return service;
    }

    Map<String, String> offsetsTopicConfigs() {
        return service.groupMetadataTopicConfigs();
    }

    void onImage(ClusterImage image) {
        feed.offer(image);
    }

    /**
     * Starts a tenure as the partition's leader, after {@link #resigned} ended the one before: else
     * the runtime takes this for the tenure it has, and never hears of the new one's watermarks.
     */
    void elected(int partition, int leaderEpoch) {
        service.onElection(partition, leaderEpoch);
    }

    /**
     * @param leaderEpoch the new leader's epoch, or empty when the partition was deleted
     */
    void resigned(int partition, OptionalInt leaderEpoch) {
        service.onResignation(partition, leaderEpoch);
    }

    @Override
    public void close() {
        feed.close();
        if (!started) {
            // A service that never started ignores its shutdown, and its timer's threads stay.
            service.startup(() -> 1);
        }
        service.shutdown();
        metrics.close();
    }

    /** Log ends of the partitions led here, for the lag of share groups. */
    private record LocalLogEnds(Partitions partitions) implements PartitionMetadataClient {

        @Override
        public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
                Set<TopicPartition> topicPartitions) {
            return topicPartitions.stream()
                    .collect(Collectors.toMap(Function.identity(), this::logEnd));
        }

        private CompletableFuture<OffsetResponse> logEnd(TopicPartition topicPartition) {
            return partitions
                    .find(topicPartition)
                    .filter(Partition::isLeader)
                    .map(
                            partition ->
                                    CompletableFuture.completedFuture(
                                            new OffsetResponse(
                                                    partition.highWatermark(), Errors.NONE)))
                    .orElseGet(
                            () ->
                                    CompletableFuture.failedFuture(
                                            new NotLeaderOrFollowerException(
                                                    "This broker does not lead "
                                                            + topicPartition)));
        }

        @Override
        public void close() {}
    }
}
