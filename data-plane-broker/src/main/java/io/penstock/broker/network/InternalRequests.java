package io.penstock.broker.network;

import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Answers what brokers ask each other outside Kafka's protocol: requests with an API key of {@link
 * #FIRST_API_KEY} or more. They have Kafka's frame and request header (version 1), are never
 * advertised, and the server takes them only on the inter-broker listener.
 */
public interface InternalRequests {

    short FIRST_API_KEY = 20_000;

    /** Who asks, over which listener; the header's client id is informative only. */
    record Caller(String listener, KafkaPrincipal principal, String connectionId) {}

    /**
     * Called on the connection's event loop: must not block. The answer is everything after the
     * response header (version 0, the correlation id alone). A stage that fails closes the
     * connection.
     *
     * @param body everything after the request header; only valid during the call
     */
    CompletionStage<ByteBuffer> handle(
            Caller caller, short apiKey, short apiVersion, ByteBuffer body);
}
