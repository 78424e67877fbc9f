package io.penstock.broker.network;

import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the brokers' own requests go: api keys from {@link
 * io.penstock.broker.protocol.RequestFrame#FIRST_INTERNAL_KEY} on. The server takes them on the
 * inter-broker listener only; whether the principal may send them is for the receiver to say.
 */
public interface InternalRequests {

    /** For a broker, or a test, without any. */
    InternalRequests NONE =
            (caller, apiKey, version, body) ->
                    CompletableFuture.failedFuture(
                            new IllegalStateException("no internal request is served"));

    /** Who asks. */
    record Caller(
            String connectionId, KafkaPrincipal principal, InetAddress address, String clientId) {}

    /**
     * Called on the connection's event loop; must not block.
     *
     * @param body a view of a frame that is gone when this returns
     * @return the response's bytes; a stage that fails closes the connection
     */
    CompletionStage<ByteBuffer> handle(Caller caller, short apiKey, short version, ByteBuffer body);

    /**
     * A connection that carried internal requests is gone. Called on its event loop; must not
     * block.
     *
     * @param byPeer whether the other side closed or reset it, as the kernel does for a process
     *     that ends; false after a timeout and when this side closed it
     */
    default void connectionEnded(String connectionId, boolean byPeer) {}
}
