package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.StopKind;

/**
 * What the log directories tell of the last process that had them.
 *
 * @param brokerEpoch of its last registration, or {@link BrokerRegistration#NO_EPOCH}
 */
public record PreviousStop(long brokerEpoch, StopKind kind) {

    /** Of a broker without a past. */
    public static final PreviousStop UNKNOWN =
            new PreviousStop(BrokerRegistration.NO_EPOCH, StopKind.MACHINE);
}
