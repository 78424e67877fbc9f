package io.penstock.broker.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.ListenerSettings;
import io.penstock.broker.config.NetworkSettings;
import io.penstock.broker.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The broker's listeners. {@link #bind} opens all of them or none; {@link #close} stops accepting,
 * gives requests in hand a moment to be answered, and ends every connection. The event loops stay.
 */
public final class NetworkServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration HOSTILE_LOG_INTERVAL = Duration.ofSeconds(10);
    private static final WriteBufferWaterMark WRITE_BUFFER =
            new WriteBufferWaterMark(512 * 1024, 1024 * 1024);

    private final EventLoops loops;
    private final ChannelGroup connections =
            new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE);
    private final Map<String, Channel> listeners = new LinkedHashMap<>();

    private NetworkServer(EventLoops loops) {
        this.loops = loops;
    }

    /**
     * What every connection works with.
     *
     * @param internal served on the inter-broker listener only
     */
    public record Services(
            Dispatcher dispatcher,
            InternalRequests internal,
            Authenticator.Factory authenticators,
            NetworkObserver observer,
            Clock clock) {}

    /**
     * Opens all listeners and accepts connections on all of them.
     *
     * @throws IOException naming the listener and the address that could not be opened
     * @throws io.penstock.broker.config.ConfigurationException when TLS keys cannot be used
     */
    public static NetworkServer bind(BrokerConfig config, EventLoops loops, Services services)
            throws IOException {
        NetworkServer server = bindForBrokers(config, loops, services);
        server.acceptClients();
        return server;
    }

    /**
     * Opens all listeners, but lets connections to any other than the inter-broker one wait in the
     * backlog until {@link #acceptClients}: a broker that has no metadata yet knows no credential,
     * and a client gives up for good when its credential is refused.
     */
    public static NetworkServer bindForBrokers(
            BrokerConfig config, EventLoops loops, Services services) throws IOException {
        NetworkServer server = new NetworkServer(loops);
        try {
            ConnectionLimits limits = new ConnectionLimits(config.network());
            RateLimitedLog hostile =
                    new RateLimitedLog(LOG, services.clock(), HOSTILE_LOG_INTERVAL);
            for (ListenerSettings listener : config.listeners()) {
                Optional<SslContext> tls = listener.tls().map(TlsContexts::server);
                ConnectionInitializer initializer =
                        new ConnectionInitializer(
                                config,
                                listener,
                                tls,
                                services,
                                limits,
                                server.connections,
                                hostile);
                boolean accepting = listener.equals(config.interBroker());
                server.bind(config.network(), listener, initializer, accepting);
            }
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void bind(
            NetworkSettings network,
            ListenerSettings listener,
            ConnectionInitializer initializer,
            boolean accepting)
            throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.transport().serverChannel())
                        .option(ChannelOption.SO_BACKLOG, network.backlog())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.AUTO_READ, accepting)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(2048, 16 * 1024, 1024 * 1024))
                        .childHandler(initializer);
        if (network.sendBufferBytes() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, network.sendBufferBytes());
        }
        if (network.receiveBufferBytes() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, network.receiveBufferBytes());
        }
        String host = listener.bind().host();
        int port = listener.bind().port();
        ChannelFuture bound =
                bootstrap
                        .bind(
                                host.isEmpty()
                                        ? new InetSocketAddress(port)
                                        : new InetSocketAddress(host, port))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listener "
                            + listener.name()
                            + " cannot listen on "
                            + listener.bind()
                            + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listeners.put(listener.name(), bound.channel());
        LOG.info(
                "Listener {} ({}) is open on {}",
                listener.name(),
                listener.protocol(),
                bound.channel().localAddress());
    }

    /** From now on connections are accepted on every listener. */
    public void acceptClients() {
        listeners.values().forEach(channel -> channel.config().setAutoRead(true));
    }

    /** Where the listener really listens, which tells the port where the configuration said 0. */
    public InetSocketAddress address(String listener) {
        return (InetSocketAddress) listeners.get(listener).localAddress();
    }

    public int connectionCount() {
        return connections.size();
    }

    @Override
    public void close() {
        listeners.values().forEach(channel -> channel.close().awaitUninterruptibly());
        connections.forEach(
                channel -> channel.pipeline().fireUserEventTriggered(ServerStopping.INSTANCE));
        connections.newCloseFuture().awaitUninterruptibly(DRAIN.toMillis());
        connections.close().awaitUninterruptibly(DRAIN.toMillis());
    }

    /** Tells a connection to close as soon as it has answered what it was asked. */
    enum ServerStopping {
        INSTANCE
    }
}
