package io.penstock.broker.controller;

import io.penstock.broker.metadata.Endpoint;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The network between brokers, as membership needs it. */
public interface Peers extends AutoCloseable {

    /** What a bare connection attempt tells of an address. */
    enum Reachability {
        /** The host answers and nobody listens there: the process is gone. */
        REFUSED,
        CONNECTED,
        /** Neither: the host, the link or the process may be slow, cut off or gone. */
        SILENT
    }

    PeerLink open(Endpoint endpoint);

    /** Never fails; {@link Reachability#SILENT} when the limit is reached. */
    CompletableFuture<Reachability> probe(Endpoint endpoint, Duration limit);

    @Override
    void close();
}
