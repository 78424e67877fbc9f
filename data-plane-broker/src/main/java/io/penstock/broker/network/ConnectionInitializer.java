package io.penstock.broker.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.ListenerSettings;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts a new connection against the limits and builds its pipeline. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

    private final BrokerConfig config;
    private final ListenerSettings listener;
    private final Optional<SslContext> tls;
    private final NetworkServer.Services services;
    private final ConnectionLimits limits;
    private final ChannelGroup connections;
    private final RateLimitedLog hostile;
    private final AtomicLong counter = new AtomicLong();

    ConnectionInitializer(
            BrokerConfig config,
            ListenerSettings listener,
            Optional<SslContext> tls,
            NetworkServer.Services services,
            ConnectionLimits limits,
            ChannelGroup connections,
            RateLimitedLog hostile) {
        this.config = config;
        this.listener = listener;
        this.tls = tls;
        this.services = services;
        this.limits = limits;
        this.connections = connections;
        this.hostile = hostile;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) {
            channel.close();
            return;
        }
        if (!limits.tryAcquire(listener.name(), listener.maxConnections(), remote.getAddress())) {
            services.observer().connectionRefused(listener.name());
            hostile.warn(
                    "Refused a connection of "
                            + remote
                            + " to "
                            + listener.name()
                            + ": too many connections");
            channel.close();
            return;
        }
        services.observer().connectionOpened(listener.name());
        channel.closeFuture()
                .addListener(
                        closed -> {
                            limits.release(listener.name(), remote.getAddress());
                            services.observer().connectionClosed(listener.name());
                        });
        connections.add(channel);
        build(channel, remote);
    }

    private void build(Channel channel, InetSocketAddress remote) {
        ChannelPipeline pipeline = channel.pipeline();
        if (tls.isPresent()) {
            pipeline.addLast("tls", tls.get().newHandler(channel.alloc()));
            pipeline.addLast("chunks", new ChunkedWriteHandler());
        }
        long idle = config.network().maxIdleMillis();
        if (idle > 0) {
            pipeline.addLast("idle", new IdleStateHandler(0, 0, idle, TimeUnit.MILLISECONDS));
        }
        Connection connection =
                new Connection(
                        new Connection.Identity(
                                listener,
                                listener.name().equals(config.interBrokerListener()),
                                connectionId(channel, remote),
                                remote.getAddress()),
                        config,
                        services,
                        hostile);
        pipeline.addLast("frames", new FrameDecoder(connection::maxFrameBytes));
        pipeline.addLast("requests", connection);
    }

    private String connectionId(Channel channel, InetSocketAddress remote) {
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        return text(local) + "-" + text(remote) + "-" + counter.getAndIncrement();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
