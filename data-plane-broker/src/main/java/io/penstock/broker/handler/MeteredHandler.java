package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** A handler whose errors, and whose topics' bytes, are counted. */
public final class MeteredHandler<Q extends ApiMessage> implements RequestHandler<Q> {

    private final RequestHandler<Q> handler;
    private final TrafficMetrics.Requests counted;
    private final TopicTraffic topics;

    private MeteredHandler(
            RequestHandler<Q> handler, MetadataCache metadata, TrafficMetrics metrics) {
        this.handler = handler;
        this.counted = metrics.request(handler.apiKey().name);
        this.topics = new TopicTraffic(metadata, metrics);
    }

    public static <Q extends ApiMessage> RequestHandler<Q> of(
            RequestHandler<Q> handler, MetadataCache metadata, TrafficMetrics metrics) {
        return new MeteredHandler<>(handler, metadata, metrics);
    }

    @Override
    public ApiKeys apiKey() {
        return handler.apiKey();
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(RequestContext context, Q request) {
        topics.countRequest(request);
        CompletionStage<? extends ApiMessage> answer = handler.handle(context, request);
        return Cancellation.reaching(answer, answer.whenComplete(this::count));
    }

    private void count(ApiMessage response, Throwable failure) {
        if (failure instanceof CancellationException) {
            return;
        }
        if (failure != null || (response != null && ResponseErrors.isError(response))) {
            counted.failed();
        }
        if (response != null) {
            topics.countResponse(response);
        }
    }
}
