package io.penstock.broker.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The management port: {@code GET /health}, {@code /metrics} and {@code /metrics/compat}. With TLS,
 * clients must show a certificate of the cluster's authority that names a broker or the control
 * plane.
 */
final class ManagementServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

    private static final int LARGEST_REQUEST_BYTES = 16 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final String HEALTH = "/health";
    private static final String METRICS = "/metrics";
    private static final String COMPATIBLE_METRICS = "/metrics/compat";
    private static final Set<String> PATHS = Set.of(HEALTH, METRICS, COMPATIBLE_METRICS);
    private static final String JSON = "application/json";
    private static final String OPEN_METRICS =
            "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final EventLoopGroup loop;
    private final Channel channel;

    private ManagementServer(EventLoopGroup loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /**
     * @throws StartException when the address cannot be used
     */
    static ManagementServer start(
            InetSocketAddress address, Optional<SslContext> tls, ManagementSource source) {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("management", true), NioIoHandler.newFactory());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(new Pipeline(tls, source))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new StartException(
                    "the management port cannot listen on "
                            + address
                            + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new ManagementServer(loop, bound.channel());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final Optional<SslContext> tls;
        private final ManagementSource source;

        Pipeline(Optional<SslContext> tls, ManagementSource source) {
            this.tls = tls;
            this.source = source;
        }

        @Override
        protected void initChannel(SocketChannel connection) {
            ChannelPipeline pipeline = connection.pipeline();
            pipeline.addLast(new ReadTimeoutHandler(IDLE_SECONDS));
            tls.ifPresent(
                    context -> {
                        pipeline.addLast(context.newHandler(connection.alloc()));
                        pipeline.addLast(new ManagementTls.ClientGate());
                    });
            pipeline.addLast(new HttpServerCodec());
            pipeline.addLast(new HttpObjectAggregator(LARGEST_REQUEST_BYTES));
            pipeline.addLast(new Requests(source));
        }
    }

    private static final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final ManagementSource source;

        Requests(ManagementSource source) {
            this.source = source;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            if (!request.decoderResult().isSuccess()) {
                send(context, HttpResponseStatus.BAD_REQUEST, TEXT, "not HTTP\n", false);
                return;
            }
            String path = pathOf(request.uri());
            if (!PATHS.contains(path)) {
                notFound(context, keepAlive);
            } else if (!HttpMethod.GET.equals(request.method())) {
                send(context, HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only GET\n", keepAlive);
            } else {
                switch (path) {
                    case HEALTH -> health(context, keepAlive);
                    case METRICS -> metrics(context, source.metrics(), keepAlive);
                    default ->
                            source.compatibleMetrics()
                                    .ifPresentOrElse(
                                            text -> metrics(context, text, keepAlive),
                                            () -> notFound(context, keepAlive));
                }
            }
        }

        private static void notFound(ChannelHandlerContext context, boolean keepAlive) {
            send(context, HttpResponseStatus.NOT_FOUND, TEXT, "not found\n", keepAlive);
        }

        private void health(ChannelHandlerContext context, boolean keepAlive) {
            Health health = source.health();
            send(
                    context,
                    health.serving()
                            ? HttpResponseStatus.OK
                            : HttpResponseStatus.SERVICE_UNAVAILABLE,
                    JSON,
                    health.json(),
                    keepAlive);
        }

        private static void metrics(
                ChannelHandlerContext context,
                CompletableFuture<String> metrics,
                boolean keepAlive) {
            metrics.whenCompleteAsync(
                    (text, failure) -> {
                        if (failure == null) {
                            send(context, HttpResponseStatus.OK, OPEN_METRICS, text, keepAlive);
                        } else {
                            LOG.warn("The metrics could not be collected", failure);
                            send(
                                    context,
                                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                                    TEXT,
                                    "the metrics could not be collected\n",
                                    keepAlive);
                        }
                    },
                    context.executor());
        }

        private static void send(
                ChannelHandlerContext context,
                HttpResponseStatus status,
                String type,
                String body,
                boolean keepAlive) {
            FullHttpResponse response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            status,
                            context.alloc()
                                    .buffer()
                                    .writeBytes(body.getBytes(StandardCharsets.UTF_8)));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, type)
                    .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            HttpUtil.setKeepAlive(response, keepAlive);
            ChannelFuture sent = context.writeAndFlush(response);
            if (!keepAlive) {
                sent.addListener(done -> context.close());
            }
        }

        private static String pathOf(String uri) {
            int query = uri.indexOf('?');
            return query < 0 ? uri : uri.substring(0, query);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("A management connection ends: {}", cause.toString());
            context.close();
        }
    }
}
