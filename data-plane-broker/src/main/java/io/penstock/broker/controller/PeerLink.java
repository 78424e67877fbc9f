package io.penstock.broker.controller;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * The way to one other broker's inter-broker listener for internal requests. Connects with the
 * first request, and again after a connection broke.
 */
public interface PeerLink extends AutoCloseable {

    /** A request did not reach the other side: it has certainly done nothing. */
    final class Unreachable extends IOException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Fails with {@link Unreachable} when nothing was sent; after any other failure the request may
     * or may not have been carried out.
     */
    CompletableFuture<ByteBuffer> request(short apiKey, ByteBuffer body, long timeoutMillis);

    @Override
    void close();
}
