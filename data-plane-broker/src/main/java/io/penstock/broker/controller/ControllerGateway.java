package io.penstock.broker.controller;

import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.common.protocol.ApiMessage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One controller as a broker reaches it: in this process or over the network. */
interface ControllerGateway extends AutoCloseable {

    /**
     * What was done.
     *
     * @param position an image at this position or later shows it
     */
    record Submitted(StreamPosition position, Optional<ApiMessage> reply) {}

    /** Fails with {@link NotController} when the other side is none. */
    CompletableFuture<DeltaLog.Fetched> fetch(StreamPosition from, long maxWaitMillis);

    /**
     * Fails with {@link NotController} when nothing was done; after any other failure it may or may
     * not have been.
     */
    CompletableFuture<Submitted> submit(ControllerEvent event, long timeoutMillis);

    /** Has the controller find out whether this broker's process is gone. Returns at once. */
    void suspect(int brokerId, long brokerEpoch);

    @Override
    void close();
}
