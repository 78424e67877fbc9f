package io.penstock.broker.app;

import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.group.GroupProgress;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.OpenMetrics;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.replication.Partition;

import org.apache.kafka.common.TopicPartition;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** A broker's figures, collected when they are asked for. */
final class BrokerMetrics {

    private final int brokerId;
    private final LocalPartitions partitions;
    private final MetadataCache metadata;
    private final GroupCoordination coordination;
    private final LogDirectories directories;
    private final TrafficMetrics traffic;
    private final CompatibleMetrics compatible;
    private final Executor diskReads;

    /**
     * @param diskReads may block
     */
    BrokerMetrics(
            int brokerId,
            LocalPartitions partitions,
            MetadataCache metadata,
            GroupCoordination coordination,
            LogDirectories directories,
            TrafficMetrics traffic,
            Executor diskReads) {
        this.brokerId = brokerId;
        this.partitions = partitions;
        this.metadata = metadata;
        this.coordination = coordination;
        this.directories = directories;
        this.traffic = traffic;
        this.compatible =
                new CompatibleMetrics(brokerId, partitions, metadata, directories, traffic);
        this.diskReads = diskReads;
    }

    CompletableFuture<String> compatibleText() {
        return coordination.progress().thenApplyAsync(compatible::text, diskReads);
    }

    CompletableFuture<String> text() {
        return coordination
                .progress()
                .thenApply(
                        progress -> {
                            OpenMetrics target = new OpenMetrics();
                            cluster(target);
                            partitions(target);
                            ReplicaMetrics.write(target, partitions);
                            StorageMetrics.write(target, directories);
                            groups(target, progress);
                            traffic.writeTo(target);
                            process(target);
                            return target.text();
                        });
    }

    private void cluster(OpenMetrics target) {
        ClusterImage image = metadata.current();
        boolean isController = image.controller().filter(id -> id == brokerId).isPresent();
        target.gauge(
                "penstock_controller",
                "Whether this broker is the active controller.",
                isController ? 1 : 0);
        target.gauge(
                "penstock_brokers",
                "Live brokers that this one knows.",
                image.brokers().values().stream().filter(broker -> !broker.fenced()).count());
        target.gauge(
                "penstock_offline_partitions",
                "Partitions of the cluster without a leader.",
                image.topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .filter(partition -> !partition.hasLeader())
                        .count());
    }

    private void partitions(OpenMetrics target) {
        List<Partition> all =
                partitions.all().stream()
                        .sorted(
                                Comparator.comparing(
                                                (Partition partition) ->
                                                        partition.topicPartition().topic())
                                        .thenComparing(
                                                partition ->
                                                        partition.topicPartition().partition()))
                        .toList();
        target.gauge("penstock_partitions", "Partitions with a replica here.", all.size());
        target.gauge(
                "penstock_leaders",
                "Partitions led here.",
                all.stream().filter(Partition::isLeader).count());
        target.counter(
                "penstock_log_forces",
                "Groups of records that were forced to disk before they counted, ever.",
                directories.forces());
        Map<String, Long> messages =
                all.stream()
                        .filter(Partition::isLeader)
                        .collect(
                                Collectors.groupingBy(
                                        partition -> partition.topicPartition().topic(),
                                        TreeMap::new,
                                        Collectors.summingLong(Partition::logEndOffset)));
        for (Partition partition : all) {
            String[] labels = labels(partition.topicPartition());
            target.gauge(
                    "penstock_partition_log_bytes",
                    "Size of the log.",
                    partition.sizeInBytes(),
                    labels);
            if (partition.isLeader()) {
                target.gauge(
                        "penstock_partition_log_start_offset",
                        "Offset of the first record.",
                        partition.logStartOffset(),
                        labels);
                target.gauge(
                        "penstock_partition_log_end_offset",
                        "Offset after the last record.",
                        partition.logEndOffset(),
                        labels);
                target.gauge(
                        "penstock_partition_high_watermark",
                        "Offset after the last committed record.",
                        partition.highWatermark(),
                        labels);
            }
        }
        messages.forEach(
                (topic, count) ->
                        target.counter(
                                "penstock_topic_messages_in",
                                "Records appended to the partitions led here, ever.",
                                count,
                                "topic",
                                topic));
    }

    /**
     * The lag is told where both ends are known: on the coordinator, for partitions led here. The
     * committed offsets are all told, so that lag follows from them and the leaders' log ends.
     */
    private void groups(OpenMetrics target, GroupProgress progress) {
        progress.groupsByState()
                .forEach(
                        (state, count) ->
                                target.gauge(
                                        "penstock_groups",
                                        "Groups coordinated here.",
                                        count,
                                        "state",
                                        state));
        for (GroupProgress.Committed committed : progress.committed()) {
            String[] labels = {
                "group",
                committed.group(),
                "topic",
                committed.partition().topic(),
                "partition",
                Integer.toString(committed.partition().partition())
            };
            target.gauge(
                    "penstock_consumer_group_committed_offset",
                    "Committed offset.",
                    committed.offset(),
                    labels);
            partitions
                    .find(committed.partition())
                    .filter(Partition::isLeader)
                    .ifPresent(
                            partition ->
                                    target.gauge(
                                            "penstock_consumer_group_lag",
                                            "Records that the group has yet to consume.",
                                            Math.max(
                                                    0,
                                                    partition.highWatermark() - committed.offset()),
                                            labels));
        }
    }

    static void process(OpenMetrics target) {
        var memory = ManagementFactory.getMemoryMXBean();
        target.gauge(
                "penstock_heap_used_bytes", "Used heap.", memory.getHeapMemoryUsage().getUsed());
        target.gauge(
                "penstock_heap_max_bytes",
                "Largest size of the heap.",
                memory.getHeapMemoryUsage().getMax());
        target.gauge(
                "penstock_threads",
                "Live threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        target.gauge(
                "penstock_uptime_seconds",
                "Time since the process began.",
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    }

    private static String[] labels(TopicPartition partition) {
        return new String[] {
            "topic", partition.topic(), "partition", Integer.toString(partition.partition())
        };
    }
}
