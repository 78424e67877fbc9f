package io.penstock.broker.handler;

import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CompletionStage;

/** A handler whose responses with an error are counted. */
public final class MeteredHandler<Q extends ApiMessage> implements RequestHandler<Q> {

    private final RequestHandler<Q> handler;
    private final TrafficMetrics.Requests counted;

    private MeteredHandler(RequestHandler<Q> handler, TrafficMetrics metrics) {
        this.handler = handler;
        this.counted = metrics.request(handler.apiKey().name);
    }

    public static <Q extends ApiMessage> RequestHandler<Q> of(
            RequestHandler<Q> handler, TrafficMetrics metrics) {
        return new MeteredHandler<>(handler, metrics);
    }

    @Override
    public ApiKeys apiKey() {
        return handler.apiKey();
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, Q request) {
        return handler.handle(context, request).whenComplete(this::count);
    }

    private void count(ApiMessage response, Throwable failure) {
        if (failure != null || (response != null && ResponseErrors.isError(response))) {
            counted.failed();
        }
    }
}
