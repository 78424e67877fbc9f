package io.penstock.broker.replication;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.controller.Lease;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The world around a broker's replicas. Nothing in this package makes threads, sleeps or reads a
 * clock but through it.
 *
 * @param self this broker's id
 * @param brokerEpoch of this broker's present registration, or -1
 * @param interBrokerListener name of the endpoint on which leaders are reached
 */
public record ReplicationSurroundings(
        int self,
        LongSupplier brokerEpoch,
        ReplicationSettings settings,
        MetadataCache metadata,
        ControllerChannel controller,
        Lease lease,
        String interBrokerListener,
        FetcherLoop.Factory fetcherLoops,
        PeerEnds peerEnds,
        Scheduler.Factory schedulers,
        Clock clock) {

    EligibleBrokers eligibleBrokers() {
        return id ->
                Optional.ofNullable(metadata.current().brokers().get(id))
                        .filter(broker -> !broker.fenced())
                        .map(broker -> OptionalLong.of(broker.epoch()))
                        .orElseGet(OptionalLong::empty);
    }
}
