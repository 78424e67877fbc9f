package io.penstock.broker.controller;

import io.penstock.broker.metadata.PreviousStop;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.util.List;

/** Where a broker keeps what the next process must know of this one's end. */
public interface RunRecord {

    /**
     * How the runs before this one ended, the newest first: all of them back to the last one that
     * metadata has shown. The same answer however often it is asked.
     */
    List<PreviousStop> previous();

    /** To be told before the process registers for the first time. */
    void begin(Uuid incarnation) throws IOException;

    /**
     * The controller has acted upon a registration of this process: it will ask for no earlier one
     * any more.
     */
    void shown(long brokerEpoch) throws IOException;
}
