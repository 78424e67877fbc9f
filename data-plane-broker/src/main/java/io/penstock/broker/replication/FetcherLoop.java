package io.penstock.broker.replication;

import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.replication.LeaderConnection.EndedByPeer;
import io.penstock.broker.time.Scheduler;

/** Where a fetcher runs, and how it reaches its leader from there. */
public interface FetcherLoop {

    /** Makes a loop for each fetcher; several may share a thread. */
    @FunctionalInterface
    interface Factory {
        FetcherLoop create(String name);
    }

    /** On which connections of this loop answer. */
    Scheduler scheduler();

    LeaderConnection connect(Endpoint leader, EndedByPeer ended);
}
