package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.Dispatcher;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.SupportedApis;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hands each request to the handler of its API key. What has a handler is advertised; ApiVersions
 * itself is answered here, since it tells the whole table, and the two SASL requests by the
 * connection's authenticator.
 */
public final class RequestRouter implements Dispatcher {

    private final Map<ApiKeys, RequestHandler<?>> handlers = new EnumMap<>(ApiKeys.class);
    private final SupportedApis supportedApis;

    public RequestRouter(
            Collection<? extends RequestHandler<?>> handlers,
            int brokerId,
            MetadataCache metadata) {
        for (RequestHandler<?> handler : handlers) {
            if (this.handlers.put(handler.apiKey(), handler) != null) {
                throw new IllegalArgumentException("two handlers of " + handler.apiKey());
            }
        }
        Set<ApiKeys> served =
                EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE);
        served.addAll(this.handlers.keySet());
        supportedApis = new SupportedApis(served);
        this.handlers.put(
                ApiKeys.API_VERSIONS, new ApiVersionsHandler(supportedApis, brokerId, metadata));
    }

    @Override
    public SupportedApis supportedApis() {
        return supportedApis;
    }

    @Override
    public CompletionStage<? extends ApiMessage> dispatch(
            RequestContext context, ApiMessage request) {
        RequestHandler<?> handler = handlers.get(context.apiKey());
        if (handler == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no handler of " + context.apiKey()));
        }
        try {
            return handle(handler, context, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The message class follows from the API key, which is the handler's. */
    @SuppressWarnings("unchecked")
    private static <Q extends ApiMessage> CompletionStage<? extends ApiMessage> handle(
            RequestHandler<Q> handler, RequestContext context, ApiMessage request) {
        return handler.handle(context, (Q) request);
    }
}
