package io.penstock.broker.controller;

import java.io.IOException;

/** Where a broker keeps what the next process must know of this one's end. */
public interface RunRecord {

    /** How the run before this one ended; the same answer however often it is asked. */
    PreviousStop previous();

    /** The broker is registered with this epoch: to be remembered before anything is appended. */
    void begin(long brokerEpoch) throws IOException;
}
