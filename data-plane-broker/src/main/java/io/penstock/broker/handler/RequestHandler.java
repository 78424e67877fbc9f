package io.penstock.broker.handler;

import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CompletionStage;

/**
 * Answers the requests of one API key. Called on the connection's event loop: must not block. A
 * stage that completes with null sends nothing (a produce with acks=0). A stage that fails closes
 * the connection, so every error that the protocol can express belongs into the response.
 *
 * @param <Q> the request's message class
 */
public interface RequestHandler<Q extends ApiMessage> {

    ApiKeys apiKey();

    CompletionStage<? extends ApiMessage> handle(RequestContext context, Q request);
}
