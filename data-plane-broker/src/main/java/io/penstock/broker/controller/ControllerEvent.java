package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.Map;

/** What the controller decides about. */
public sealed interface ControllerEvent {

    /** All brokers that are registered now. Says the state, not the change: events may be lost. */
    record BrokersRegistered(Map<Integer, BrokerRegistration> live) implements ControllerEvent {}

    /** A broker is about to stop and wants to lead nothing any more. */
    record BrokerStopping(int brokerId, long brokerEpoch) implements ControllerEvent {}

    /**
     * The broker's process of this epoch is known to be dead, though its session may live on. It
     * takes part again with its next registration only.
     */
    record BrokerFenced(int brokerId, long brokerEpoch) implements ControllerEvent {}

    /** The time between two looks at leaders that are not the preferred ones has passed. */
    record PreferredElectionDue() implements ControllerEvent {}

    /**
     * A request that the entry broker has authorized, or a leader's proposal of in-sync replicas.
     */
    record Administration(ApiKeys apiKey, short version, ApiMessage request)
            implements ControllerEvent {}
}
