package io.penstock.broker.controller;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.handler.AdministrationHandlers;
import io.penstock.broker.handler.RequestRouter;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.network.NetworkObserver;
import io.penstock.broker.network.NetworkServer;
import io.penstock.broker.security.Authenticators;
import io.penstock.broker.security.Authorizers;
import io.penstock.broker.time.Clock;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A broker's membership and administration on a real listener, and nothing else of a broker. */
final class TestNode implements AutoCloseable {

    private static final long LIMIT_MILLIS = 20_000;

    private final ClusterMembership membership;
    private final EventLoops loops;
    private final NetworkServer server;
    private final int port;
    private boolean left;

    private TestNode(
            ClusterMembership membership, EventLoops loops, NetworkServer server, int port) {
        this.membership = membership;
        this.loops = loops;
        this.server = server;
        this.port = port;
    }

    static TestNode start(int id, ZkSettings zooKeeper, Path directory) throws Exception {
        return start(id, zooKeeper, directory, freePort());
    }

    static TestNode start(int id, ZkSettings zooKeeper, Path directory, int port) throws Exception {
        Path logDirectory = Files.createDirectories(directory.resolve(Integer.toString(id)));
        Properties properties = new Properties();
        properties.put("broker.id", Integer.toString(id));
        properties.put("listeners", "INTERNAL://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "INTERNAL:PLAINTEXT");
        properties.put("inter.broker.listener.name", "INTERNAL");
        properties.put("log.dirs", logDirectory.toString());
        properties.put("zookeeper.connect", zooKeeper.connect());
        properties.put("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
        properties.put(
                "zookeeper.session.timeout.ms",
                Long.toString(zooKeeper.sessionTimeout().toMillis()));
        BrokerConfig config = BrokerConfig.from(properties);
        ClusterMembership membership =
                ClusterMembership.connect(MembershipSettings.from(config, Uuid.randomUuid()));
        EventLoops loops = EventLoops.start(1);
        NetworkServer server =
                NetworkServer.bind(
                        config,
                        loops,
                        new NetworkServer.Services(
                                router(config, membership),
                                membership.internalRequests(),
                                new Authenticators(membership.metadata(), Clock.SYSTEM),
                                NetworkObserver.NONE,
                                Clock.SYSTEM));
        membership
                .join(RunFiles.of(List.of(logDirectory), OptionalLong.empty()))
                .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        membership.whenUpToDate(LIMIT_MILLIS).get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        return new TestNode(membership, loops, server, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static RequestRouter router(BrokerConfig config, ClusterMembership membership) {
        return new RequestRouter(
                AdministrationHandlers.all(
                        membership.metadata(),
                        membership.controller(),
                        Authorizers.of(config.authorization(), membership.metadata()),
                        config.brokerId(),
                        false,
                        config.authorization().enabled(),
                        config.values().explicit()),
                config.brokerId(),
                membership.metadata());
    }

    ClusterMembership membership() {
        return membership;
    }

    ClusterImage image() {
        return membership.metadata().current();
    }

    int port() {
        return port;
    }

    /** As when the process is killed: nobody answers any more, and no session is closed. */
    void fallSilent() {
        server.close();
    }

    void stop() {
        left = true;
        membership.stop(LIMIT_MILLIS);
        server.close();
        membership.leave();
        loops.close();
    }

    @Override
    public void close() {
        if (!left) {
            membership.leave();
            server.close();
            loops.close();
        }
    }
}
