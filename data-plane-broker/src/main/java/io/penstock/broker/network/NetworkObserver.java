package io.penstock.broker.network;

import org.apache.kafka.common.protocol.ApiKeys;

/** Is told what happens on the wire, on event loops: must be quick and must not throw. */
public interface NetworkObserver {

    NetworkObserver NONE = new NetworkObserver() {};

    default void connectionOpened(String listener) {}

    default void connectionClosed(String listener) {}

    /** A connection was refused because of a limit. */
    default void connectionRefused(String listener) {}

    default void authenticationFailed(String listener) {}

    /**
     * A response was handed to the socket, or a request without response is done.
     *
     * @param requestBytes of the frame
     * @param responseBytes of the frame, 0 for none
     * @param nanos from the receipt of the whole request on
     */
    default void requestCompleted(ApiKeys api, int requestBytes, long responseBytes, long nanos) {}

    /** A request that ended its connection: unreadable, not allowed yet, or failed inside. */
    default void requestFailed(String listener) {}
}
