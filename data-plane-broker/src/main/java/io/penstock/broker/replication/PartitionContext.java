package io.penstock.broker.replication;

import io.penstock.broker.controller.Lease;
import io.penstock.broker.time.Clock;

import java.util.function.Consumer;

/**
 * What all partitions of a broker share.
 *
 * @param self this broker
 * @param pulse of this process
 * @param followers of all other brokers
 * @param inSyncChange told of a partition that wants other in-sync replicas; under its lock
 */
record PartitionContext(
        int self,
        ReplicationSettings settings,
        Clock clock,
        Lease lease,
        EligibleBrokers brokers,
        OwnPulse pulse,
        FollowerPulses followers,
        Consumer<LocalPartition> inSyncChange) {}
