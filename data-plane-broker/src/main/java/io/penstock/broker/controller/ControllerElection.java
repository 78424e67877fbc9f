package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Finds the controller, and becomes it when there is none. Who creates {@code /controller} also
 * raises {@code /controller_epoch} in the same multi; its new version fences all writes of earlier
 * controllers. After an ambiguous answer both are read again.
 *
 * <p>When the connection to the controller breaks and its address refuses connections, its seat is
 * taken without waiting for its session: the seat is deleted and created in one multi. A wrong
 * verdict only costs a change of controllers, for the epoch decides who may write.
 */
final class ControllerElection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerElection.class);
    private static final int VERSION = 1;
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 2_000;
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);

    /**
     * Takes over from a dead controller come at different times, so that mostly one comes first.
     */
    private static final int MAX_JITTER_MILLIS = 50;

    /** Told, on the election's scheduler, who is the controller now. */
    interface Listener {
        void onElected(ActiveController controller);

        void onOther(int epoch, int brokerId, Endpoint endpoint);

        void onNone();
    }

    private record Other(int epoch, int brokerId, Endpoint endpoint) {}

    private final ZooKeeperClient session;
    private final MembershipSettings settings;
    private final ControllerCore core;
    private final Listener listener;
    private final Surroundings surroundings;
    private final Scheduler thread;
    private final Clock clock;
    private final RandomGenerator random;
    private final Watcher controllerChanged = change -> later(0);
    private volatile ActiveController active;

    /** Who is followed now; the listener hears of changes only. */
    private Optional<Other> followed = Optional.empty();

    /** Whether the followed controller is being looked after. */
    private boolean probing;

    private long retryMillis = FIRST_RETRY_MILLIS;

    private final TenureBackoff backoff;
    private long standNotBeforeNanos;

    /** The next look, and when it is due; the earliest that was asked for. */
    private Optional<Scheduler.Cancellable> nextLook = Optional.empty();

    private long nextLookNanos;
    private volatile boolean closed;

    ControllerElection(
            Surroundings surroundings,
            MembershipSettings settings,
            ControllerCore core,
            Listener listener) {
        this.surroundings = surroundings;
        this.session = surroundings.zooKeeper();
        this.thread = surroundings.schedulers().create("controller-election");
        this.clock = surroundings.clock();
        this.random = surroundings.random().get();
        this.backoff = new TenureBackoff(random);
        this.standNotBeforeNanos = clock.monotonicNanos();
        this.settings = settings;
        this.core = core;
        this.listener = listener;
    }

    void start() {
        session.addListener(
                new ZooKeeperClient.Listener() {
                    @Override
                    public void onNewSession() {
                        if (!closed) {
                            thread.execute(ControllerElection.this::resign);
                            later(0);
                        }
                    }

                    @Override
                    public void onReconnected() {
                        later(0);
                    }
                });
        later(0);
    }

    Optional<ActiveController> active() {
        return Optional.ofNullable(active);
    }

    /** The connection to the controller of this epoch broke. */
    void suspect(int epoch) {
        thread.execute(
                () ->
                        followed.filter(other -> other.epoch() == epoch && !probing)
                                .ifPresent(this::probe));
    }

    private void probe(Other other) {
        probing = true;
        surroundings
                .peers()
                .probe(other.endpoint(), PROBE_LIMIT)
                .thenAcceptAsync(
                        seen -> {
                            probing = false;
                            if (seen == Peers.Reachability.REFUSED) {
                                thread.schedule(
                                        Duration.ofMillis(random.nextInt(MAX_JITTER_MILLIS)),
                                        () -> takeOver(other));
                            }
                        },
                        thread);
    }

    private void takeOver(Other dead) {
        if (!followed.equals(Optional.of(dead))) {
            return;
        }
        try {
            Optional<Znode> seat =
                    await(session.read(ZkPaths.CONTROLLER, controllerChanged), TIMEOUT_MILLIS)
                            .filter(znode -> epochOfSeat(znode) == dead.epoch());
            if (seat.isPresent()) {
                LOG.warn(
                        "controller {} of epoch {} is dead: its address refuses connections",
                        dead.brokerId(),
                        dead.epoch());
                stand(seat);
            }
        } catch (RuntimeException e) {
            LOG.warn("the controller's seat could not be taken: {}", e.toString());
            later(retryMillis);
        }
    }

    private static int epochOf(Znode counter) {
        return Integer.parseInt(new String(counter.data(), UTF_8));
    }

    private static int epochOfSeat(Znode seat) {
        return Json.parse(ZkPaths.CONTROLLER, seat.data(), VERSION).path("epoch").asInt();
    }

    /** From any thread. However many ask for a look, there is one to come: the earliest. */
    private void later(long delayMillis) {
        thread.execute(() -> look(Duration.ofMillis(delayMillis)));
    }

    private void look(Duration delay) {
        long dueNanos = clock.monotonicNanos() + delay.toNanos();
        if (nextLook.isPresent() && nextLookNanos - dueNanos <= 0) {
            return;
        }
        nextLook.ifPresent(Scheduler.Cancellable::cancel);
        nextLookNanos = dueNanos;
        nextLook = Optional.of(thread.schedule(delay, this::attempt));
    }

    private void attempt() {
        nextLook = Optional.empty();
        try {
            Optional<Znode> found =
                    await(session.read(ZkPaths.CONTROLLER, controllerChanged), TIMEOUT_MILLIS);
            if (found.isPresent()) {
                follow(found.get());
            } else {
                standWhenOthersHadTheirTurn();
            }
            retryMillis = FIRST_RETRY_MILLIS;
        } catch (RuntimeException e) {
            if (!closed) {
                if (retryMillis == FIRST_RETRY_MILLIS) {
                    LOG.warn("no look at the controller: {}", e.toString());
                } else {
                    LOG.debug("still no look at the controller", e);
                }
                later(retryMillis);
                retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
            }
        }
    }

    private void standWhenOthersHadTheirTurn() {
        Duration left = Duration.ofNanos(standNotBeforeNanos - clock.monotonicNanos());
        if (left.isPositive()) {
            resign();
            look(left);
        } else {
            stand(Optional.empty());
        }
    }

    private void tenureEnded(ActiveController former) {
        thread.execute(
                () -> {
                    long now = clock.monotonicNanos();
                    Duration lasted = Duration.ofNanos(now - former.sinceNanos());
                    standNotBeforeNanos = now + backoff.afterTenureOf(lasted).toNanos();
                    look(Duration.ZERO);
                });
    }

    private void follow(Znode znode) {
        JsonNode node = Json.parse(ZkPaths.CONTROLLER, znode.data(), VERSION);
        int brokerId = node.path("brokerid").asInt();
        int epoch = epochOfSeat(znode);
        if (znode.stat().getEphemeralOwner() == session.sessionId()) {
            ActiveController mine = active;
            if (mine == null || mine.hasEnded() || mine.epoch() != epoch) {
                LOG.info("giving back the controller's seat of epoch {}", epoch);
                resign();
                giveBack();
            }
            return;
        }
        resign();
        if (brokerId == settings.brokerId()) {
            followNone();
            return;
        }
        String path = ZkPaths.broker(brokerId);
        Optional<Endpoint> endpoint =
                await(session.read(path), TIMEOUT_MILLIS)
                        .map(z -> RegistrationJson.decode(path, brokerId, 0, z.data()))
                        .flatMap(r -> r.endpoint(settings.interBrokerListener()));
        if (endpoint.isEmpty()) {
            followNone();
            boolean came =
                    await(session.exists(path, controllerChanged), TIMEOUT_MILLIS).isPresent();
            later(came ? 0 : LAST_RETRY_MILLIS);
            return;
        }
        Other now = new Other(epoch, brokerId, endpoint.get());
        if (!Optional.of(now).equals(followed)) {
            followed = Optional.of(now);
            listener.onOther(epoch, brokerId, endpoint.get());
        }
    }

    /** Reads the epoch first: who takes the seat after that raises it, and nothing is deleted. */
    private void giveBack() {
        Znode last = await(session.read(ZkPaths.CONTROLLER_EPOCH), TIMEOUT_MILLIS).orElseThrow();
        boolean isMine =
                await(session.read(ZkPaths.CONTROLLER), TIMEOUT_MILLIS)
                        .filter(seat -> seat.stat().getEphemeralOwner() == session.sessionId())
                        .isPresent();
        if (isMine) {
            await(session.multi(ActiveController.leaveOfTheSeat(last.version())), TIMEOUT_MILLIS);
        }
        later(0);
    }

    private void followNone() {
        followed = Optional.empty();
        listener.onNone();
    }

    /**
     * @param dead the seat of a controller that is no more
     */
    private void stand(Optional<Znode> dead) {
        resign();
        Znode before = await(session.read(ZkPaths.CONTROLLER_EPOCH), TIMEOUT_MILLIS).orElseThrow();
        int last = epochOf(before);
        if (dead.isPresent() && epochOfSeat(dead.get()) != last) {
            later(0);
            return;
        }
        int epoch = last + 1;
        List<Op> operations = new ArrayList<>();
        dead.ifPresent(seat -> operations.add(Op.delete(ZkPaths.CONTROLLER, seat.version())));
        operations.add(
                Op.create(
                        ZkPaths.CONTROLLER,
                        Json.bytes(
                                Json.object(VERSION)
                                        .put("brokerid", settings.brokerId())
                                        .put("epoch", epoch)),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.EPHEMERAL));
        operations.add(
                Op.setData(
                        ZkPaths.CONTROLLER_EPOCH,
                        Integer.toString(epoch).getBytes(UTF_8),
                        before.version()));
        try {
            await(session.multi(operations), TIMEOUT_MILLIS);
        } catch (ZkException e) {
            if (!e.isAmbiguous() || !isMine(epoch)) {
                later(0);
                return;
            }
        }
        ActiveController elected =
                new ActiveController(
                        surroundings,
                        settings,
                        epoch,
                        before.version() + 1,
                        core,
                        this::tenureEnded);
        active = elected;
        followed = Optional.empty();
        if (closed) {
            resign();
            return;
        }
        elected.start();
        listener.onElected(elected);
        later(0);
    }

    private boolean isMine(int epoch) {
        return await(session.read(ZkPaths.CONTROLLER), TIMEOUT_MILLIS)
                .filter(z -> z.stat().getEphemeralOwner() == session.sessionId())
                .filter(seat -> epochOfSeat(seat) == epoch)
                .isPresent();
    }

    private synchronized void resign() {
        ActiveController mine = active;
        active = null;
        if (mine != null) {
            mine.close();
            followNone();
        }
    }

    /** Takes no part any more; gives the seat to the others at once, without waiting for it. */
    @Override
    public void close() {
        closed = true;
        thread.close();
        ActiveController mine = active;
        resign();
        if (mine != null) {
            session.multi(ActiveController.leaveOfTheSeat(mine.epochVersion()))
                    .exceptionally(
                            failure -> {
                                LOG.debug("the seat goes with the session", failure);
                                return List.of();
                            });
        }
    }
}
