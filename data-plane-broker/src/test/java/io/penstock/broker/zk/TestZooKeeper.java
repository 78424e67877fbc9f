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

    private final Path directory;
    private final int port;
    private ZooKeeperServer server;
    private ServerCnxnFactory connections;

    private TestZooKeeper(Path directory, int port) throws IOException, InterruptedException {
        this.directory = directory;
        open(port);
        this.port = connections.getLocalPort();
    }

    public static TestZooKeeper start(Path directory) throws IOException, InterruptedException {
        return new TestZooKeeper(directory, 0);
    }

    private void open(int wanted) throws IOException, InterruptedException {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
        connections =
                ServerCnxnFactory.createFactory(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 100);
        connections.startup(server);
    }

    /** The whole ensemble goes away, with everything it knows on disk. */
    public void stop() {
        close();
    }

    /** Comes back at the same address. */
    public void startAgain() throws IOException, InterruptedException {
        open(port);
    }

    public ZkSettings settings() {
        return new ZkSettings(
                "127.0.0.1:" + port, Duration.ofSeconds(6), Duration.ofSeconds(10), Map.of());
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
