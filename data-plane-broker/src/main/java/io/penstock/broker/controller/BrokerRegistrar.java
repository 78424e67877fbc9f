package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps {@code /brokers/ids/<id>} registered. A node that an earlier session of this broker left
 * behind is never deleted by hand, for its owner may live (KAFKA-7165): its session is ended when
 * it is known to be this broker's own and nobody answers at its address any more; else it is waited
 * for.
 */
final class BrokerRegistrar implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistrar.class);
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);
    private static final Duration END_SESSION_LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private final ZooKeeperClient session;
    private final Peers peers;
    private final KeptSession.Keeper keptSession;
    private final Clock clock;
    private final MembershipSettings settings;
    private final String clusterId;
    private final Scheduler scheduler;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();

    /** An older node that goes makes room; an own one that was lost is made anew. */
    private final Watcher nodeChanged;

    private final Heartbeat heartbeat;
    private volatile long brokerEpoch = BrokerRegistration.NO_EPOCH;

    /** The newest in which metadata has shown this process. */
    private final AtomicLong shownEpoch = new AtomicLong(BrokerRegistration.NO_EPOCH);

    /** Set before the first task. */
    private volatile RunRecord run;

    /** Only tasks of the scheduler touch these. */
    private List<PreviousStop> previous = List.of();

    private boolean begun;
    private long fencedUpTo = BrokerRegistration.NO_EPOCH;
    private long waitsForOldNodeUntil;

    private Duration retry = FIRST_RETRY;
    private Scheduler.Cancellable pending = () -> {};

    BrokerRegistrar(Surroundings surroundings, MembershipSettings settings, String clusterId) {
        this.session = surroundings.zooKeeper();
        this.peers = surroundings.peers();
        this.keptSession = surroundings.keptSession();
        this.clock = surroundings.clock();
        this.settings = settings;
        this.clusterId = clusterId;
        this.scheduler = surroundings.schedulers().create("registration");
        this.heartbeat =
                new Heartbeat(
                        session,
                        settings.brokerId(),
                        surroundings.schedulers().create("heartbeat"),
                        clock,
                        this::renew);
        this.nodeChanged = change -> scheduler.execute(this::attempt);
    }

    /**
     * Ends what a killed process of this broker left behind. To be called before this process opens
     * its own listeners, for it tells by them whether the other one lives. Fails with {@link
     * IllegalStateException} when the other process answers.
     */
    CompletableFuture<Void> endLeftOverSession() {
        return CompletableFuture.supplyAsync(this::leftOver, scheduler)
                .thenCompose(
                        old ->
                                old.map(this::endUnlessItLives)
                                        .orElse(CompletableFuture.completedFuture(null)));
    }

    private record LeftOver(BrokerRegistration registration, KeptSession session) {}

    private Optional<LeftOver> leftOver() {
        String path = ZkPaths.broker(settings.brokerId());
        Optional<KeptSession> kept = read();
        return await(session.read(path), TIMEOUT_MILLIS)
                .filter(
                        found ->
                                kept.isPresent()
                                        && kept.get()
                                                .belongsTo(
                                                        clusterId,
                                                        settings.brokerId(),
                                                        found.stat().getEphemeralOwner()))
                .map(found -> new LeftOver(decode(path, found), kept.get()));
    }

    private Optional<KeptSession> read() {
        try {
            return keptSession.read();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the kept ZooKeeper session", e);
        }
    }

    private CompletableFuture<Void> endUnlessItLives(LeftOver old) {
        CompletableFuture<Boolean> allRefuse = CompletableFuture.completedFuture(true);
        for (Endpoint endpoint : old.registration().endpoints()) {
            allRefuse =
                    allRefuse.thenCombine(
                            peers.probe(endpoint, PROBE_LIMIT)
                                    .thenApply(seen -> refuses(endpoint, seen)),
                            Boolean::logicalAnd);
        }
        return allRefuse
                .thenCompose(
                        refused ->
                                refused
                                        ? session.endSession(
                                                old.session().sessionId(),
                                                old.session().password(),
                                                END_SESSION_LIMIT)
                                        : CompletableFuture.completedFuture(false))
                .thenAccept(
                        ended ->
                                LOG.info(
                                        "the ZooKeeper session that broker {} had before it was"
                                                + " stopped {}",
                                        settings.brokerId(),
                                        ended
                                                ? "is ended"
                                                : "could not be ended; waiting for it to expire"));
    }

    private boolean refuses(Endpoint endpoint, Peers.Reachability seen) {
        return switch (seen) {
            case REFUSED -> true;
            case SILENT -> false;
            case CONNECTED -> throw anotherRuns(endpoint);
        };
    }

    /**
     * Registers, and again with each new session. The future completes with the first registration;
     * it fails with {@link IllegalStateException} when another process is registered as this broker
     * and goes on.
     */
    CompletableFuture<Void> start(RunRecord record) {
        run = record;
        scheduler.execute(() -> previous = record.previous());
        startAttempt();
        session.addListener(
                () -> {
                    heartbeat.end();
                    startAttempt();
                });
        return joined;
    }

    /** Held while this broker's registration is proved to count. */
    Lease lease() {
        return heartbeat;
    }

    /** Something hints at a fence of this broker; it looks. */
    void lookForFence() {
        heartbeat.beatNow();
    }

    /** Registrations up to this epoch count no more: the present one is replaced. */
    private void renew(long fencedEpoch) {
        scheduler.execute(
                () -> {
                    fencedUpTo = Math.max(fencedUpTo, fencedEpoch);
                    retry = FIRST_RETRY;
                    attempt();
                });
    }

    long brokerEpoch() {
        return brokerEpoch;
    }

    private void startAttempt() {
        scheduler.execute(
                () -> {
                    waitsForOldNodeUntil =
                            clock.monotonicMillis() + 3L * session.sessionTimeoutMillis();
                    retry = FIRST_RETRY;
                    attempt();
                });
    }

    private void attempt() {
        pending.cancel();
        try {
            register();
        } catch (IOException | RuntimeException e) {
            if (!(e instanceof ZkException) && joined.completeExceptionally(e)) {
                return;
            }
            LOG.warn("broker {} is not registered: {}", settings.brokerId(), e.toString());
            again();
        }
    }

    private void again() {
        pending = scheduler.schedule(retry, this::attempt);
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    private void register() throws IOException {
        String path = ZkPaths.broker(settings.brokerId());
        Optional<Znode> found = await(session.read(path, nodeChanged), TIMEOUT_MILLIS);
        if (found.isPresent() && found.get().stat().getEphemeralOwner() != session.sessionId()) {
            waitForOldNode(path, found.get());
        } else if (found.isEmpty()) {
            create(path);
        } else if (found.get().stat().getCzxid() <= fencedUpTo) {
            replace(path, found.get());
        } else {
            registered(found.get().stat());
        }
    }

    private void create(String path) throws IOException {
        begin();
        keptSession.write(
                new KeptSession(
                        clusterId,
                        settings.brokerId(),
                        session.sessionId(),
                        session.sessionPassword()));
        try {
            var stat =
                    await(
                            session.create(path, registration(), CreateMode.EPHEMERAL),
                            TIMEOUT_MILLIS);
            registered(stat);
            // Watches the node.
            scheduler.execute(this::attempt);
        } catch (ZkException e) {
            if (e.code() != Code.NODEEXISTS) {
                throw e;
            }
            again();
        }
    }

    /** In one step, so that nobody sees this broker gone. The next attempt reads the new epoch. */
    private void replace(String path, Znode old) {
        await(
                session.multi(
                        List.of(
                                Op.delete(path, old.version()),
                                Op.create(
                                        path,
                                        registration(),
                                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                        CreateMode.EPHEMERAL))),
                TIMEOUT_MILLIS);
        scheduler.execute(this::attempt);
    }

    private byte[] registration() {
        return RegistrationJson.encode(settings, previous, clock.wallMillis());
    }

    private void registered(Stat node) {
        long epoch = node.getCzxid();
        retry = FIRST_RETRY;
        if (brokerEpoch != epoch) {
            brokerEpoch = epoch;
            heartbeat.begin(epoch, node.getEphemeralOwner());
            LOG.info("broker {} is registered with epoch {}", settings.brokerId(), epoch);
        }
        joined.complete(null);
    }

    /** From here on the controller may come to know this process, whatever becomes of it. */
    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        try {
            run.begin(settings.incarnation());
        } catch (IOException e) {
            LOG.error(
                    "this run was not written down; after a crash this broker will be taken for"
                            + " one that lost its logs",
                    e);
        }
    }

    /** Metadata shows this process, so that no controller will ask for the ones before it. */
    void shown(long epoch) {
        if (shownEpoch.getAndSet(epoch) != epoch) {
            scheduler.execute(
                    () -> {
                        try {
                            run.shown(epoch);
                        } catch (IOException e) {
                            LOG.warn("the broker epoch {} was not written down", epoch, e);
                        }
                    });
        }
    }

    private void waitForOldNode(String path, Znode znode) {
        long left = waitsForOldNodeUntil - clock.monotonicMillis();
        if (left <= 0) {
            throw anotherRuns(decode(path, znode).endpoints().getFirst());
        }
        LOG.info(
                "an earlier session of broker {} still holds {}; waiting up to {} ms for it to"
                        + " expire",
                settings.brokerId(),
                path,
                left);
        again();
    }

    private BrokerRegistration decode(String path, Znode znode) {
        return RegistrationJson.decode(
                path, settings.brokerId(), znode.stat().getCzxid(), znode.data());
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
        heartbeat.close();
        scheduler.close();
        try {
            keptSession.forget();
        } catch (IOException e) {
            LOG.warn("cannot delete the kept session: {}", e.toString());
        }
    }
}
