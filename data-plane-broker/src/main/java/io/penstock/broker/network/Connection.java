package io.penstock.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.ListenerSettings;
import io.penstock.broker.protocol.InvalidFrameException;
import io.penstock.broker.protocol.RequestFrame;

import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;

/**
 * One connection. Requests are handed on in the order in which they came, without waiting for each
 * other; {@link ResponseQueue} brings the responses back into that order. When too many are
 * unanswered or the socket does not take what was written, reading stops until that is over.
 *
 * <p>Everything happens on the connection's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    private final Identity identity;
    private final BrokerConfig config;
    private final NetworkServer.Services services;
    private final RateLimitedLog hostile;

    /** Frames that arrived while this connection was not to be read any further. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

    private Authenticator authenticator;
    private ResponseQueue responses;
    private Future<?> authenticationLimit;
    private boolean handling;
    private boolean refusesRequests;
    private boolean internal;
    private boolean endedHere;

    /**
     * @param interBroker whether internal requests are taken here
     */
    record Identity(
            ListenerSettings listener, boolean interBroker, String id, InetAddress address) {}

    Connection(
            Identity identity,
            BrokerConfig config,
            NetworkServer.Services services,
            RateLimitedLog hostile) {
        this.identity = identity;
        this.config = config;
        this.services = services;
        this.hostile = hostile;
    }

    /** Strangers get only as much memory as a SASL token needs. */
    int maxFrameBytes() {
        int all = config.network().maxRequestBytes();
        return isAuthenticated()
                ? all
                : Math.min(all, config.values().integer("sasl.server.max.receive.size"));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        responses =
                new ResponseQueue(
                        context,
                        services,
                        context.pipeline().get(SslHandler.class) == null,
                        failure -> end(context, failure),
                        () -> resume(context));
        if (identity.listener().tls().isEmpty()) {
            authenticator = services.authenticators().create(identity.listener(), Optional.empty());
        }
        if (!isAuthenticated()) {
            limitAuthentication(context);
        }
    }

    /** Who does not say who it is must not hold a connection either. */
    private void limitAuthentication(ChannelHandlerContext context) {
        long limit = config.network().authenticationMillis();
        Runnable look =
                () -> {
                    if (!isAuthenticated()) {
                        services.observer().authenticationFailed(identity.listener().name());
                        end(context, "not authenticated within " + limit + " ms");
                    }
                };
        authenticationLimit = context.executor().schedule(look, limit, TimeUnit.MILLISECONDS);
    }

    private boolean isAuthenticated() {
        return authenticator != null && authenticator.principal().isPresent();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake when handshake.isSuccess() ->
                    authenticator =
                            services.authenticators()
                                    .create(identity.listener(), certificateSubject(context));
            case SslHandshakeCompletionEvent handshake -> {
                services.observer().authenticationFailed(identity.listener().name());
                end(context, "TLS handshake failed: " + handshake.cause().getMessage());
            }
            case IdleStateEvent ignored when responses.isIdle() -> {
                endedHere = true;
                context.close();
            }
            case NetworkServer.ServerStopping ignored -> {
                refusesRequests = true;
                endedHere = true;
                responses.closeWhenIdle();
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    private static Optional<X500Principal> certificateSubject(ChannelHandlerContext context) {
        try {
            return context.pipeline().get(SslHandler.class).engine().getSession().getPeerPrincipal()
                            instanceof X500Principal subject
                    ? Optional.of(subject)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        responses.beginBatch();
        waiting.add((ByteBuf) frame);
        handleWaiting(context);
    }

    private void handleWaiting(ChannelHandlerContext context) {
        if (handling) {
            return;
        }
        handling = true;
        try {
            while (!waiting.isEmpty() && mayHandle(context)) {
                ByteBuf frame = waiting.poll();
                try {
                    handle(context, frame);
                } catch (InvalidFrameException e) {
                    end(context, e.getMessage());
                } finally {
                    frame.release();
                }
            }
        } finally {
            handling = false;
        }
        if (context.channel().isActive()) {
            context.channel().config().setAutoRead(waiting.isEmpty() && mayHandle(context));
        }
    }

    private boolean mayHandle(ChannelHandlerContext context) {
        return !refusesRequests && responses.hasRoom() && context.channel().isWritable();
    }

    /** Called when there may be room again. */
    private void resume(ChannelHandlerContext context) {
        if (!refusesRequests && !handling) {
            handleWaiting(context);
        }
    }

    private void handle(ChannelHandlerContext context, ByteBuf frame) throws InvalidFrameException {
        int size = frame.readableBytes();
        switch (RequestFrame.parse(frame.nioBuffer())) {
            case RequestFrame.Kafka request -> handleKafka(context, request, size);
            case RequestFrame.Internal request -> handleInternal(request);
        }
    }

    private void handleKafka(ChannelHandlerContext context, RequestFrame.Kafka request, int size)
            throws InvalidFrameException {
        ApiKeys api = request.apiKey();
        if (!services.dispatcher().supportedApis().supports(api, request.apiVersion())) {
            refuseVersion(context, request, size);
            return;
        }
        ResponseQueue.Slot slot;
        switch (api) {
            case SASL_HANDSHAKE -> {
                var message = (SaslHandshakeRequestData) request.message();
                slot = responses.open(request, size);
                slot.answer(authenticator.handshake(message, request.apiVersion()));
            }
            case SASL_AUTHENTICATE -> {
                var message = (SaslAuthenticateRequestData) request.message();
                slot = responses.open(request, size);
                authenticate(context, slot, message);
            }
            default -> {
                KafkaPrincipal principal = principalFor(api);
                ApiMessage message = request.message();
                slot = responses.open(request, size);
                CompletionStage<? extends ApiMessage> stage =
                        services.dispatcher().dispatch(requestContext(request, principal), message);
                slot.answerWith(stage);
            }
        }
    }

    private KafkaPrincipal principalFor(ApiKeys api) throws InvalidFrameException {
        Optional<KafkaPrincipal> principal = authenticator.principal();
        if (principal.isPresent()) {
            return principal.get();
        }
        if (api == ApiKeys.API_VERSIONS) {
            return KafkaPrincipal.ANONYMOUS;
        }
        throw new InvalidFrameException(
                api.name + " on a connection that is not, or no longer, authenticated");
    }

    private RequestContext requestContext(RequestFrame.Kafka request, KafkaPrincipal principal) {
        return new RequestContext(
                request.apiKey(),
                request.apiVersion(),
                request.correlationId(),
                request.clientId(),
                identity.id(),
                identity.listener().name(),
                identity.listener().protocol(),
                principal,
                identity.address());
    }

    /**
     * KIP-511: only an unknown version of ApiVersions has an answer, in the layout of version 0.
     */
    private void refuseVersion(ChannelHandlerContext context, RequestFrame.Kafka request, int size)
            throws InvalidFrameException {
        if (request.apiKey() != ApiKeys.API_VERSIONS) {
            throw new InvalidFrameException(
                    request.apiKey().name
                            + " version "
                            + request.apiVersion()
                            + " is not served here");
        }
        RequestFrame.Kafka asVersion0 =
                new RequestFrame.Kafka(
                        request.apiKey(),
                        (short) 0,
                        request.correlationId(),
                        request.clientId(),
                        request.body());
        responses
                .open(asVersion0, size)
                .answer(
                        new ApiVersionsResponseData()
                                .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                                .setApiKeys(
                                        services.dispatcher()
                                                .supportedApis()
                                                .advertisedApiVersionsOnly()));
    }

    private void authenticate(
            ChannelHandlerContext context,
            ResponseQueue.Slot slot,
            SaslAuthenticateRequestData request) {
        SaslAuthenticateResponseData response = authenticator.authenticate(request);
        if (response.errorCode() == Errors.NONE.code()) {
            if (isAuthenticated()) {
                authenticationLimit.cancel(false);
            }
            slot.answer(response);
            return;
        }
        services.observer().authenticationFailed(identity.listener().name());
        hostile.warn("Authentication of " + identity.id() + " failed: " + response.errorMessage());
        // Guessing passwords is to cost time: the answer waits, and nothing else is heard.
        refusesRequests = true;
        long delay = config.values().integer("connection.failed.authentication.delay.ms");
        context.executor()
                .schedule(
                        () -> {
                            slot.answer(response);
                            responses.closeWhenIdle();
                        },
                        delay,
                        TimeUnit.MILLISECONDS);
    }

    private void handleInternal(RequestFrame.Internal request) throws InvalidFrameException {
        Optional<KafkaPrincipal> principal = authenticator.principal();
        if (!identity.interBroker() || principal.isEmpty()) {
            throw new InvalidFrameException(
                    "internal request " + request.apiKey() + " where none is taken");
        }
        InternalRequests.Caller caller =
                new InternalRequests.Caller(
                        identity.id(), principal.get(), identity.address(), request.clientId());
        internal = true;
        ResponseQueue.Slot slot = responses.openInternal(request);
        slot.answerInternalWith(
                services.internal()
                        .handle(caller, request.apiKey(), request.apiVersion(), request.body()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        responses.endBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        resume(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refusesRequests = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        responses.abandon();
        if (authenticationLimit != null) {
            authenticationLimit.cancel(false);
        }
        if (authenticator != null) {
            authenticator.close();
        }
        if (internal) {
            services.internal().connectionEnded(identity.id(), !endedHere);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            // The peer went away; nothing to say about it.
            endedHere |= !ConnectionReset.is(cause);
            context.close();
        } else {
            end(context, cause instanceof InvalidFrameException ? cause.getMessage() : "" + cause);
        }
    }

    private void end(ChannelHandlerContext context, String reason) {
        if (context.channel().isActive() && !refusesRequests) {
            services.observer().requestFailed(identity.listener().name());
            hostile.warn("Closing " + identity.id() + ": " + reason);
        }
        refusesRequests = true;
        endedHere = true;
        context.close();
    }
}
