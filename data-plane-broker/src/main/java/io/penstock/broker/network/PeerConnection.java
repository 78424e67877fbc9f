package io.penstock.broker.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * A connection of this broker to another one's inter-broker listener. Everything happens on the
 * event loop that it was opened on, this object's methods included; frames that are sent before it
 * is open wait. Broken once is broken for good.
 */
public final class PeerConnection {

    private static final int MOST_FRAME_BYTES = 256 * 1024 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    /** What happens on the connection. */
    public interface Listener {

        /**
         * A frame without its length.
         *
         * @param frame is gone when this returns
         */
        void received(ByteBuf frame);

        /**
         * The connection is broken, or never came about. Called once, and not after {@link #close}.
         *
         * @param byPeer whether the other side ended an open connection, by FIN or RST
         */
        void broken(Throwable cause, boolean byPeer);
    }

    private final Listener listener;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();
    private Channel channel;
    private boolean open;
    private boolean ended;

    private PeerConnection(Listener listener) {
        this.listener = listener;
    }

    /**
     * @param tls key and trust for the listener, when it is one with TLS; the certificate must be
     *     one for the host
     */
    public static PeerConnection open(
            EventLoop loop,
            Class<? extends Channel> channelType,
            HostAddress address,
            Optional<SslContext> tls,
            Listener listener) {
        PeerConnection connection = new PeerConnection(listener);
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(channelType)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                        .handler(connection.initializer(address, tls))
                        .connect(address.host(), address.port());
        connection.channel = connecting.channel();
        connecting.addListener(
                (ChannelFuture result) -> {
                    if (!result.isSuccess()) {
                        connection.end(result.cause(), false);
                    } else if (tls.isEmpty()) {
                        connection.opened();
                    }
                });
        return connection;
    }

    /** Where a peer listens. */
    public record HostAddress(String host, int port) {}

    private ChannelInitializer<SocketChannel> initializer(
            HostAddress address, Optional<SslContext> tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel opened) {
                tls.ifPresent(
                        context ->
                                opened.pipeline()
                                        .addLast(tlsHandler(context, opened.alloc(), address)));
                opened.pipeline()
                        .addLast(new FrameDecoder(() -> MOST_FRAME_BYTES))
                        .addLast(new Frames());
            }
        };
    }

    private static SslHandler tlsHandler(
            SslContext context, ByteBufAllocator allocator, HostAddress address) {
        SSLEngine engine = context.newEngine(allocator, address.host(), address.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    private final class Frames extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            try {
                if (!ended) {
                    listener.received(frame);
                }
            } finally {
                frame.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    opened();
                } else {
                    end(handshake.cause(), false);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(new IOException("the peer closed the connection"), open);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(cause, open && ConnectionReset.is(cause));
        }
    }

    private void opened() {
        if (ended) {
            return;
        }
        open = true;
        while (!waiting.isEmpty()) {
            channel.write(waiting.poll(), channel.voidPromise());
        }
        channel.flush();
    }

    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /**
     * @param frame with its length; released in any case
     */
    public void send(ByteBuf frame) {
        if (ended) {
            frame.release();
        } else if (open) {
            channel.writeAndFlush(frame, channel.voidPromise());
        } else {
            waiting.add(frame);
        }
    }

    /** Harmless when it has ended before; the listener is not told. */
    public void close() {
        if (!ended) {
            ended = true;
            letGo();
        }
    }

    private void end(Throwable cause, boolean byPeer) {
        if (!ended) {
            ended = true;
            letGo();
            listener.broken(cause, byPeer);
        }
    }

    private void letGo() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        channel.close();
    }
}
