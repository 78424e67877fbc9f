package io.penstock.broker.zk;

import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A real ZooKeeper server in this process, on a free port of the loopback address. */
public final class TestZooKeeper implements AutoCloseable {

    private static final int TICK_MILLIS = 500;

    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;

    private TestZooKeeper(ZooKeeperServer server, ServerCnxnFactory connections) {
        this.server = server;
        this.connections = connections;
    }

    public static TestZooKeeper start(Path directory) throws IOException, InterruptedException {
        ZooKeeperServer server =
                new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
        ServerCnxnFactory connections =
                ServerCnxnFactory.createFactory(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        connections.startup(server);
        return new TestZooKeeper(server, connections);
    }

    public ZkSettings settings() {
        return new ZkSettings(
                "127.0.0.1:" + connections.getLocalPort(),
                Duration.ofSeconds(6),
                Duration.ofSeconds(10),
                Map.of());
    }

    /** As if the session's client had been silent for longer than its timeout. */
    public void expire(long sessionId) {
        server.closeSession(sessionId);
    }

    @Override
    public void close() {
        connections.shutdown();
        server.shutdown();
    }
}
