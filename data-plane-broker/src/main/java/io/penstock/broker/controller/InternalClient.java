package io.penstock.broker.controller;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.penstock.broker.metadata.Endpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * One connection to another broker's inter-broker listener, opened with the first request. Answers
 * may come in any order of the requests' correlation ids. When the connection breaks, everything
 * under way fails, and the next request opens another one.
 */
final class InternalClient implements PeerLink {

    private static final int MAX_RESPONSE_BYTES = 256 * 1024 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final EventLoopGroup eventLoops;
    private final Endpoint endpoint;
    private final Optional<SslContext> tls;
    private final byte[] clientId;
    private final AtomicInteger correlations = new AtomicInteger();
    private CompletableFuture<Connection> current;
    private boolean closed;

    private static final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
        private final Map<Integer, CompletableFuture<ByteBuffer>> pending =
                new ConcurrentHashMap<>();
        private volatile Channel channel;
        private volatile boolean broken;

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            CompletableFuture<ByteBuffer> answer = pending.remove(frame.readInt());
            if (answer != null) {
                byte[] body = new byte[frame.readableBytes()];
                frame.readBytes(body);
                answer.complete(ByteBuffer.wrap(body));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(new IOException("the connection to the controller was closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
            context.close();
        }

        private void fail(Throwable cause) {
            broken = true;
            pending.keySet()
                    .forEach(
                            id -> {
                                CompletableFuture<ByteBuffer> answer = pending.remove(id);
                                if (answer != null) {
                                    answer.completeExceptionally(cause);
                                }
                            });
        }

        private CompletableFuture<ByteBuffer> send(int id, ByteBuf frame, long timeoutMillis) {
            CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
            pending.put(id, answer);
            channel.writeAndFlush(frame)
                    .addListener(
                            written -> {
                                if (!written.isSuccess()) {
                                    fail(written.cause());
                                }
                            });
            if (broken) {
                fail(new IOException("the connection to the controller was closed"));
            }
            return answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                    .whenComplete((done, failure) -> pending.remove(id));
        }
    }

    InternalClient(
            EventLoopGroup eventLoops,
            Endpoint endpoint,
            Optional<SslContext> tls,
            String clientId) {
        this.eventLoops = eventLoops;
        this.endpoint = endpoint;
        this.tls = tls;
        this.clientId = clientId.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public CompletableFuture<ByteBuffer> request(
            short apiKey, ByteBuffer body, long timeoutMillis) {
        return connection()
                .thenCompose(
                        connection -> {
                            int id = correlations.incrementAndGet();
                            ByteBuf frame = frame(connection.channel, apiKey, id, body);
                            return connection.send(id, frame, timeoutMillis);
                        });
    }

    private ByteBuf frame(Channel channel, short apiKey, int id, ByteBuffer body) {
        int size = 2 + 2 + 4 + 2 + clientId.length + body.remaining();
        return channel.alloc()
                .buffer(4 + size)
                .writeInt(size)
                .writeShort(apiKey)
                .writeShort(InternalMessages.VERSION)
                .writeInt(id)
                .writeShort(clientId.length)
                .writeBytes(clientId)
                .writeBytes(body.duplicate());
    }

    private Unreachable unreachable(Throwable cause) {
        return new Unreachable(
                "cannot connect to " + endpoint.host() + ":" + endpoint.port(), cause);
    }

    private synchronized CompletableFuture<Connection> connection() {
        if (closed) {
            return CompletableFuture.failedFuture(unreachable(new IOException("closed")));
        }
        boolean usable =
                current != null
                        && !current.isCompletedExceptionally()
                        && !(current.isDone() && current.join().broken);
        if (!usable) {
            current = connect();
        }
        return current;
    }

    private CompletableFuture<Connection> connect() {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Connection connection = new Connection();
        new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                tls.ifPresent(
                                        context ->
                                                channel.pipeline()
                                                        .addLast(tlsHandler(context, channel)));
                                channel.pipeline()
                                        .addLast(
                                                new LengthFieldBasedFrameDecoder(
                                                        MAX_RESPONSE_BYTES, 0, 4, 0, 4))
                                        .addLast(connection);
                            }
                        })
                .connect(endpoint.host(), endpoint.port())
                .addListener(
                        (io.netty.channel.ChannelFuture result) -> {
                            if (!result.isSuccess()) {
                                opened.completeExceptionally(unreachable(result.cause()));
                                return;
                            }
                            connection.channel = result.channel();
                            SslHandler handler = result.channel().pipeline().get(SslHandler.class);
                            if (handler == null) {
                                opened.complete(connection);
                                return;
                            }
                            handler.handshakeFuture()
                                    .addListener(
                                            shaken -> {
                                                if (shaken.isSuccess()) {
                                                    opened.complete(connection);
                                                } else {
                                                    opened.completeExceptionally(
                                                            unreachable(shaken.cause()));
                                                }
                                            });
                        });
        return opened;
    }

    /** The certificate must be one for the address that was called. */
    private SslHandler tlsHandler(SslContext context, Channel channel) {
        SSLEngine engine = context.newEngine(channel.alloc(), endpoint.host(), endpoint.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) {
            current.thenAccept(connection -> connection.channel.close());
        }
    }
}
