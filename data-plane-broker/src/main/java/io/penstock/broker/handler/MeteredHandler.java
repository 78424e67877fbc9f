package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** A handler whose errors, and the bytes that it gives of topics, are counted. */
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
        CompletionStage<? extends ApiMessage> answer = handler.handle(context, request);
        boolean forClient = !isOfFollower(request);
        return Cancellation.reaching(
                answer,
                answer.whenComplete((response, failure) -> count(response, failure, forClient)));
    }

    /** Copies between brokers are no traffic of the topic's users. */
    private static boolean isOfFollower(ApiMessage request) {
        return request instanceof FetchRequestData fetch && fetch.replicaState().replicaId() >= 0;
    }

    private void count(ApiMessage response, Throwable failure, boolean forClient) {
        if (failure instanceof CancellationException) {
            return;
        }
        if (failure != null || (response != null && ResponseErrors.isError(response))) {
            counted.failed();
        }
        if (response != null && forClient) {
            topics.countResponse(response);
        }
    }
}
