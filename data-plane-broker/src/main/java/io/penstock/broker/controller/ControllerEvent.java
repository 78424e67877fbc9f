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

    /** An administrative request that the entry broker has authorized. */
    record Administration(ApiKeys apiKey, short version, ApiMessage request)
            implements ControllerEvent {}
}
