package io.penstock.broker.network;

import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.SystemPropertyUtil;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The threads on which connections live, both those accepted and those opened by this broker. */
public final class EventLoops implements AutoCloseable {

    private static final long STOP_MILLIS = 2_000;

    /**
     * Who looks for leaks says so; looking at one buffer in 128 takes 4 % of a busy broker's CPU.
     */
    static {
        if (!SystemPropertyUtil.contains("io.netty.leakDetection.level")) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    private final Transport transport;
    private final EventLoopGroup group;

    private EventLoops(Transport transport, EventLoopGroup group) {
        this.transport = transport;
        this.group = group;
    }

    public static EventLoops start(int count) {
        Transport transport = Transport.best();
        return new EventLoops(transport, transport.eventLoops(count, "network"));
    }

    public Transport transport() {
        return transport;
    }

    public EventLoopGroup group() {
        return group;
    }

    /**
     * The loop that runs the caller, or any of them for a caller from elsewhere. What a handler has
     * to do later, it does there: then nothing of one connection runs on two threads at once.
     */
    public ScheduledExecutorService current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return group.next();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_MILLIS);
    }
}
