package io.penstock.broker.app;

import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** ZooKeeper itself, in one of its two forms. */
sealed interface ZooKeeperMember {

    /** {@code leader}, {@code follower}, {@code standalone} or {@code looking}. */
    String mode();

    /** The server, while this member has one that may answer. */
    Optional<ZooKeeperServer> server();

    /** Returns when the member ended by itself or was stopped. */
    void awaitEnd() throws InterruptedException;

    void stop();

    /**
     * @throws StartException when it cannot start
     */
    static ZooKeeperMember start(QuorumPeerConfig config) {
        new DatadirCleanupManager(
                        config.getDataDir(),
                        config.getDataLogDir(),
                        config.getSnapRetainCount(),
                        config.getPurgeInterval())
                .start();
        return config.isDistributed() ? Ensemble.start(config) : Standalone.start(config);
    }

    /** The only server of its cluster. */
    final class Standalone implements ZooKeeperMember {
        private final Server server;
        private final FileTxnSnapLog log;
        private final List<ServerCnxnFactory> ports;
        private final CountDownLatch ended;

        private Standalone(
                Server server,
                FileTxnSnapLog log,
                List<ServerCnxnFactory> ports,
                CountDownLatch ended) {
            this.server = server;
            this.log = log;
            this.ports = ports;
            this.ended = ended;
        }

        /** Tells when it stops, also because of an error such as a full disk. */
        private static final class Server extends ZooKeeperServer {
            private final CountDownLatch ended;

            Server(FileTxnSnapLog log, QuorumPeerConfig config, CountDownLatch ended) {
                super(
                        log,
                        config.getTickTime(),
                        config.getMinSessionTimeout(),
                        config.getMaxSessionTimeout(),
                        config.getClientPortListenBacklog(),
                        null,
                        config.getInitialConfig(),
                        QuorumPeerConfig.isReconfigEnabled());
                this.ended = ended;
            }

            @Override
            protected void setState(State state) {
                super.setState(state);
                if (state == State.ERROR || state == State.SHUTDOWN) {
                    ended.countDown();
                }
            }
        }

        static Standalone start(QuorumPeerConfig config) {
            CountDownLatch ended = new CountDownLatch(1);
            List<ServerCnxnFactory> ports = new ArrayList<>();
            try {
                FileTxnSnapLog log =
                        new FileTxnSnapLog(config.getDataLogDir(), config.getDataDir());
                Server server = new Server(log, config, ended);
                log.setServerStats(server.serverStats());
                open(config.getClientPortAddress(), config, server, false, ports);
                open(config.getSecureClientPortAddress(), config, server, true, ports);
                if (ports.isEmpty()) {
                    throw new StartException("neither clientPort nor secureClientPort is set");
                }
                return new Standalone(server, log, ports, ended);
            } catch (IOException e) {
                ports.forEach(ServerCnxnFactory::shutdown);
                throw new StartException("ZooKeeper cannot start: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartException("interrupted", e);
            }
        }

        /** The first port that opens starts the server. */
        private static void open(
                InetSocketAddress address,
                QuorumPeerConfig config,
                Server server,
                boolean isSecure,
                List<ServerCnxnFactory> ports)
                throws IOException, InterruptedException {
            if (address == null) {
                return;
            }
            ServerCnxnFactory port = ServerCnxnFactory.createFactory();
            port.configure(
                    address,
                    config.getMaxClientCnxns(),
                    config.getClientPortListenBacklog(),
                    isSecure);
            port.startup(server, ports.isEmpty());
            ports.add(port);
        }

        @Override
        public String mode() {
            return "standalone";
        }

        @Override
        public Optional<ZooKeeperServer> server() {
            return Optional.of(server);
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            ended.await();
        }

        @Override
        public void stop() {
            ports.forEach(ServerCnxnFactory::shutdown);
            server.shutdown();
            try {
                log.close();
            } catch (IOException e) {
                LoggerFactory.getLogger(ZooKeeperMember.class)
                        .warn("ZooKeeper's log was not closed: {}", e.toString());
            }
        }
    }

    /** One of several; its main blocks the thread that runs it, so it has its own. */
    final class Ensemble extends QuorumPeerMain implements ZooKeeperMember {
        private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperMember.class);

        private final QuorumPeerConfig config;
        private final CountDownLatch ended = new CountDownLatch(1);

        private Ensemble(QuorumPeerConfig config) {
            this.config = config;
        }

        static Ensemble start(QuorumPeerConfig config) {
            Ensemble member = new Ensemble(config);
            Thread.ofPlatform().daemon().name("zookeeper-main").start(member::runToEnd);
            return member;
        }

        private void runToEnd() {
            try {
                runFromConfig(config);
            } catch (Exception | LinkageError e) {
                LOG.error("ZooKeeper ended: {}", e.getMessage(), e);
            } finally {
                ended.countDown();
            }
        }

        @Override
        public String mode() {
            QuorumPeer peer = quorumPeer;
            return peer == null
                    ? "looking"
                    : switch (peer.getPeerState()) {
                        case LEADING -> "leader";
                        case FOLLOWING, OBSERVING -> "follower";
                        case LOOKING -> "looking";
                    };
        }

        @Override
        public Optional<ZooKeeperServer> server() {
            QuorumPeer peer = quorumPeer;
            return peer == null ? Optional.empty() : Optional.ofNullable(peer.getActiveServer());
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            ended.await();
        }

        @Override
        public void stop() {
            close();
        }
    }
}
