package io.penstock.broker.controller;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.penstock.broker.metadata.Endpoint;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The real network between brokers. */
final class NettyPeers implements Peers {

    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().daemon().name("controller-client").factory(),
                    NioIoHandler.newFactory());
    private final Optional<SslContext> tls;
    private final String clientId;

    /**
     * @param tls key and trust for the inter-broker listener, when it is one with TLS
     */
    NettyPeers(Optional<SslContext> tls, String clientId) {
        this.tls = tls;
        this.clientId = clientId;
    }

    @Override
    public PeerLink open(Endpoint endpoint) {
        return new InternalClient(eventLoops, endpoint, tls, clientId);
    }

    @Override
    public CompletableFuture<Reachability> probe(Endpoint endpoint, Duration limit) {
        CompletableFuture<Reachability> seen = new CompletableFuture<>();
        new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(limit.toMillis()))
                .handler(new ChannelInboundHandlerAdapter())
                .connect(endpoint.host(), endpoint.port())
                .addListener(
                        (ChannelFuture result) -> {
                            result.channel().close();
                            seen.complete(judge(result));
                        });
        return seen.completeOnTimeout(Reachability.SILENT, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The kernel's own timeout would be a plain {@link ConnectException} too, but comes long after
     * the limit of a probe.
     */
    private static Reachability judge(ChannelFuture result) {
        if (result.isSuccess()) {
            return Reachability.CONNECTED;
        }
        boolean refused =
                result.cause() instanceof ConnectException
                        && !(result.cause() instanceof ConnectTimeoutException);
        return refused ? Reachability.REFUSED : Reachability.SILENT;
    }

    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
