package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.time.Clock;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZkSession;
import io.penstock.broker.zk.Znode;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps {@code /brokers/ids/<id>} registered. A node that an earlier session of this broker left
 * behind is never deleted by hand, for its owner may live (KAFKA-7165): its session is ended when
 * it is known to be this broker's own and nobody answers at its address any more; else it is waited
 * for.
 */
final class BrokerRegistrar implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistrar.class);
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final int PROBE_TIMEOUT_MILLIS = 1_000;
    private static final long END_SESSION_TIMEOUT_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 500;

    private final ZkSession session;
    private final MembershipSettings settings;
    private final String clusterId;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("registration").factory());
    private volatile long brokerEpoch = -1;
    private volatile boolean closed;

    private enum Probe {
        REFUSED,
        ANSWERED,
        SILENT
    }

    BrokerRegistrar(ZkSession session, MembershipSettings settings, String clusterId) {
        this.session = session;
        this.settings = settings;
        this.clusterId = clusterId;
    }

    /**
     * Ends what a killed process of this broker left behind. To be called before this process opens
     * its own listeners, for it tells by them whether the other one lives.
     *
     * @throws IllegalStateException when the other process answers
     */
    void endLeftOverSession() throws IOException {
        String path = ZkPaths.broker(settings.brokerId());
        Optional<KeptSession> kept = KeptSession.read(settings.stateDirectory());
        Optional<Znode> found = await(session.read(path), TIMEOUT_MILLIS);
        if (found.isPresent() && kept.isPresent()) {
            long owner = found.get().stat().getEphemeralOwner();
            if (kept.get().belongsTo(clusterId, settings.brokerId(), owner)) {
                endOldSession(path, found.get(), kept.get());
            }
        }
    }

    /**
     * Registers, and again with each new session.
     *
     * @throws IllegalStateException when another process is registered as this broker and goes on
     */
    void start() throws IOException {
        register();
        session.addListener(() -> thread.execute(this::registerAgain));
    }

    long brokerEpoch() {
        return brokerEpoch;
    }

    private void registerAgain() {
        if (closed) {
            return;
        }
        try {
            register();
        } catch (IOException | RuntimeException e) {
            LOG.warn("broker {} is not registered: {}", settings.brokerId(), e.toString());
            if (!closed) {
                thread.schedule(this::registerAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void register() throws IOException {
        String path = ZkPaths.broker(settings.brokerId());
        byte[] data = RegistrationJson.encode(settings, Clock.SYSTEM.wallMillis());
        long deadline = Clock.SYSTEM.monotonicMillis() + 3L * session.sessionTimeoutMillis();
        while (true) {
            Optional<Znode> found = await(session.read(path), TIMEOUT_MILLIS);
            if (found.isPresent()) {
                long owner = found.get().stat().getEphemeralOwner();
                if (owner == session.sessionId()) {
                    registered(found.get().stat().getCzxid());
                    return;
                }
                waitForOldNode(path, found.get(), deadline);
                continue;
            }
            new KeptSession(
                            clusterId,
                            settings.brokerId(),
                            session.sessionId(),
                            session.sessionPassword())
                    .write(settings.stateDirectory());
            try {
                var stat = await(session.create(path, data, CreateMode.EPHEMERAL), TIMEOUT_MILLIS);
                registered(stat.getCzxid());
                return;
            } catch (ZkException e) {
                if (e.code() != Code.NODEEXISTS) {
                    throw e;
                }
            }
        }
    }

    private void registered(long epoch) {
        brokerEpoch = epoch;
        LOG.info("broker {} is registered with epoch {}", settings.brokerId(), epoch);
    }

    private void endOldSession(String path, Znode znode, KeptSession kept) {
        BrokerRegistration old =
                RegistrationJson.decode(
                        path, settings.brokerId(), znode.stat().getCzxid(), znode.data());
        for (Endpoint endpoint : old.endpoints()) {
            switch (probe(endpoint)) {
                case ANSWERED -> throw anotherRuns(endpoint);
                case SILENT -> {
                    LOG.info(
                            "{}:{} neither answers nor refuses; waiting for the old session to"
                                    + " expire",
                            endpoint.host(),
                            endpoint.port());
                    return;
                }
                case REFUSED ->
                        LOG.debug("{}:{} refuses connections", endpoint.host(), endpoint.port());
            }
        }
        boolean ended =
                ZkSession.endSession(
                        settings.zooKeeper(),
                        kept.sessionId(),
                        kept.password(),
                        END_SESSION_TIMEOUT_MILLIS);
        LOG.info(
                "the ZooKeeper session that broker {} had before it was stopped {}",
                settings.brokerId(),
                ended ? "is ended" : "could not be ended; waiting for it to expire");
    }

    private static Probe probe(Endpoint endpoint) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(endpoint.host(), endpoint.port()), PROBE_TIMEOUT_MILLIS);
            return Probe.ANSWERED;
        } catch (ConnectException refused) {
            return Probe.REFUSED;
        } catch (IOException silent) {
            return Probe.SILENT;
        }
    }

    private void waitForOldNode(String path, Znode znode, long deadline) {
        long left = deadline - Clock.SYSTEM.monotonicMillis();
        BrokerRegistration old =
                RegistrationJson.decode(
                        path, settings.brokerId(), znode.stat().getCzxid(), znode.data());
        if (left <= 0) {
            throw anotherRuns(old.endpoints().getFirst());
        }
        LOG.info(
                "an earlier session of broker {} still holds {}; waiting up to {} ms for it to"
                        + " expire",
                settings.brokerId(),
                path,
                left);
        CompletableFuture<Void> changed = new CompletableFuture<>();
        if (await(session.exists(path, change -> changed.complete(null)), TIMEOUT_MILLIS)
                .isEmpty()) {
            return;
        }
        try {
            changed.get(left, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + path, e);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} is still there", path);
        }
    }

    private IllegalStateException anotherRuns(Endpoint endpoint) {
        return new IllegalStateException(
                "another process is registered as broker.id="
                        + settings.brokerId()
                        + " with "
                        + endpoint.listener()
                        + "://"
                        + endpoint.host()
                        + ":"
                        + endpoint.port()
                        + "; stop it, or give this one another id");
    }

    /** The session is about to be closed in order: there will be nothing to end after a restart. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        try {
            KeptSession.forget(settings.stateDirectory());
        } catch (IOException e) {
            LOG.warn("cannot delete the kept session: {}", e.toString());
        }
    }
}
