package io.penstock.broker.replication;

import java.util.OptionalLong;

/** Which brokers may be in sync, as the newest image says. */
@FunctionalInterface
public interface EligibleBrokers {

    /** The epoch of the broker's registration; empty if it is gone or fenced (KIP-841, KIP-903). */
    OptionalLong epochOf(int brokerId);
}
