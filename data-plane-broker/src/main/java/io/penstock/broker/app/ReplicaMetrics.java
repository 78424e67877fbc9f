package io.penstock.broker.app;

import io.penstock.broker.metrics.OpenMetrics;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.replication.ReplicaCounts;

import java.util.List;

/** What there is to say of the replicas of the partitions led here, and of those copied. */
final class ReplicaMetrics {

    private ReplicaMetrics() {}

    static void write(OpenMetrics target, LocalPartitions partitions) {
        List<ReplicaCounts> led = partitions.led();
        target.gauge(
                "penstock_under_replicated_partitions",
                "Partitions led here that lack an in-sync replica.",
                led.stream().filter(ReplicaCounts::isUnderReplicated).count());
        target.gauge(
                "penstock_under_min_isr_partitions",
                "Partitions led here with fewer in-sync replicas than min.insync.replicas.",
                led.stream().filter(ReplicaCounts::isUnderMinimum).count());
        target.gauge(
                "penstock_at_min_isr_partitions",
                "Partitions led here with exactly min.insync.replicas in sync.",
                led.stream().filter(ReplicaCounts::isAtMinimum).count());
        target.gauge(
                "penstock_replica_max_lag",
                "Committed records that the replica here lacks which is furthest behind.",
                partitions.largestFollowerLag());
        LocalPartitions.InSyncChanges changes = partitions.inSyncChanges();
        target.counter(
                "penstock_isr_shrinks",
                "Times that a leader here was granted fewer in-sync replicas.",
                changes.shrinks());
        target.counter(
                "penstock_isr_expands",
                "Times that a leader here was granted more in-sync replicas.",
                changes.expands());
    }
}
