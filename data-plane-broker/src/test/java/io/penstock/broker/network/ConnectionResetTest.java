package io.penstock.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class ConnectionResetTest {

    private static final int TIMED_OUT = -110;

    @Test
    void theJdksTransportTellsAReset() throws Exception {
        assertThat(ConnectionReset.is(reset(NioIoHandler.newFactory(), NioSocketChannel.class)))
                .isTrue();
    }

    @Test
    void theNativeTransportTellsAReset() throws Exception {
        assumeTrue(Epoll.isAvailable());
        assertThat(ConnectionReset.is(reset(EpollIoHandler.newFactory(), EpollSocketChannel.class)))
                .isTrue();
    }

    @Test
    void aKernelThatGivesUpOnASilentPeerWasNotReset() {
        assertThat(ConnectionReset.is(new SocketException("Connection timed out"))).isFalse();
        assertThat(ConnectionReset.is(new IOException("Connection timed out"))).isFalse();
        assertThat(ConnectionReset.is(new IOException("Broken pipe"))).isFalse();
        assertThat(ConnectionReset.is(new IOException((String) null))).isFalse();
        assumeTrue(Epoll.isAvailable());
        assertThat(ConnectionReset.is(new NativeIoException("read", TIMED_OUT))).isFalse();
    }

    /** What a client's channel fails with when the server resets the connection. */
    private static Throwable reset(IoHandlerFactory transport, Class<? extends Channel> type)
            throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, transport);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            new Bootstrap()
                    .group(loops)
                    .channel(type)
                    .handler(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void exceptionCaught(
                                        ChannelHandlerContext context, Throwable cause) {
                                    failure.complete(cause);
                                    context.close();
                                }
                            })
                    .connect(server.getLocalSocketAddress())
                    .sync();
            try (Socket accepted = server.accept()) {
                accepted.setSoLinger(true, 0);
            }
            return failure.get(10, TimeUnit.SECONDS);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
