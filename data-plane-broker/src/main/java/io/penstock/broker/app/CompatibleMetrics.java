package io.penstock.broker.app;

import io.penstock.broker.group.GroupProgress;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.PartitionLog;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metrics.OpenMetrics;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.ReplicaCounts;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The figures under the names that boards made for Kafka look for: those of its beans as the JMX
 * exporter writes them, and the consumer lag of Amazon MSK's open monitoring.
 */
final class CompatibleMetrics {

    private final int brokerId;
    private final LocalPartitions partitions;
    private final MetadataCache metadata;
    private final LogDirectories directories;
    private final TrafficMetrics traffic;
    private final ConsumerLag lag;

    CompatibleMetrics(
            int brokerId,
            LocalPartitions partitions,
            MetadataCache metadata,
            LogDirectories directories,
            TrafficMetrics traffic) {
        this.brokerId = brokerId;
        this.partitions = partitions;
        this.metadata = metadata;
        this.directories = directories;
        this.traffic = traffic;
        this.lag = new ConsumerLag(partitions);
    }

    /** Reads headers of batches: may block on the disk. */
    String text(GroupProgress progress) {
        OpenMetrics target = new OpenMetrics();
        traffic.writeJmxNamesTo(target, Clock.SYSTEM.monotonicNanos());
        controller(target);
        replicas(target);
        logs(target);
        lag.write(target, progress, Clock.SYSTEM.wallMillis());
        return target.text();
    }

    /** As Kafka: whoever is not the controller tells 0 of what is the cluster's. */
    private void controller(OpenMetrics target) {
        ClusterImage image = metadata.current();
        boolean isController = image.controller().filter(id -> id == brokerId).isPresent();
        List<PartitionState> all =
                image.topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .toList();
        gauge(
                target,
                "kafka_controller_kafkacontroller_activecontrollercount",
                "Whether this broker is the active controller.",
                isController ? 1 : 0);
        gauge(
                target,
                "kafka_controller_kafkacontroller_offlinepartitionscount",
                "Partitions without a leader; on the controller only.",
                isController ? all.stream().filter(p -> !p.hasLeader()).count() : 0);
        gauge(
                target,
                "kafka_controller_kafkacontroller_globaltopiccount",
                "Topics of the cluster; on the controller only.",
                isController ? image.topics().size() : 0);
        gauge(
                target,
                "kafka_controller_kafkacontroller_globalpartitioncount",
                "Partitions of the cluster; on the controller only.",
                isController ? all.size() : 0);
    }

    private void replicas(OpenMetrics target) {
        List<ReplicaCounts> led = partitions.led();
        String prefix = "kafka_server_replicamanager_";
        gauge(target, prefix + "leadercount", "Partitions led here.", led.size());
        gauge(
                target,
                prefix + "partitioncount",
                "Partitions with a replica here.",
                partitions.all().size());
        gauge(
                target,
                prefix + "underreplicatedpartitions",
                "Partitions led here that lack an in-sync replica.",
                led.stream().filter(ReplicaCounts::isUnderReplicated).count());
        gauge(
                target,
                prefix + "underminisrpartitioncount",
                "Partitions led here with fewer in-sync replicas than min.insync.replicas.",
                led.stream().filter(ReplicaCounts::isUnderMinimum).count());
        gauge(
                target,
                prefix + "atminisrpartitioncount",
                "Partitions led here with exactly min.insync.replicas in sync.",
                led.stream().filter(ReplicaCounts::isAtMinimum).count());
        gauge(
                target,
                prefix + "offlinereplicacount",
                "Replicas here whose log directory is offline.",
                directories.all().stream().filter(PartitionLog::isOffline).count());
        LocalPartitions.InSyncChanges changes = partitions.inSyncChanges();
        target.counter(
                prefix + "isrshrinks",
                "Times that in-sync replicas became fewer.",
                changes.shrinks());
        target.counter(
                prefix + "isrexpands",
                "Times that in-sync replicas became more.",
                changes.expands());
        for (Partition partition : sorted()) {
            Optional<ReplicaCounts> counts = partitions.counts(partition.topicPartition());
            if (counts.isPresent()) {
                String[] labels = labels(partition.topicPartition());
                target.gauge(
                        "kafka_cluster_partition_underminisr",
                        "Whether fewer replicas are in sync than min.insync.replicas.",
                        counts.get().isUnderMinimum() ? 1 : 0,
                        labels);
                target.gauge(
                        "kafka_cluster_partition_atminisr",
                        "Whether exactly min.insync.replicas are in sync.",
                        counts.get().isAtMinimum() ? 1 : 0,
                        labels);
            }
        }
    }

    private void logs(OpenMetrics target) {
        for (Partition partition : sorted()) {
            String[] labels = labels(partition.topicPartition());
            target.gauge(
                    "kafka_log_log_size", "Bytes of the log.", partition.sizeInBytes(), labels);
            target.gauge(
                    "kafka_log_log_logstartoffset",
                    "Offset of the first record.",
                    partition.logStartOffset(),
                    labels);
            target.gauge(
                    "kafka_log_log_logendoffset",
                    "Offset after the last record.",
                    partition.logEndOffset(),
                    labels);
        }
    }

    private List<Partition> sorted() {
        return partitions.all().stream()
                .sorted(
                        Comparator.comparing((Partition p) -> p.topicPartition().topic())
                                .thenComparing(p -> p.topicPartition().partition()))
                .toList();
    }

    private static void gauge(OpenMetrics target, String name, String help, double value) {
        target.gauge(name, help, value);
    }

    private static String[] labels(TopicPartition partition) {
        return new String[] {
            "topic", partition.topic(), "partition", Integer.toString(partition.partition())
        };
    }
}
