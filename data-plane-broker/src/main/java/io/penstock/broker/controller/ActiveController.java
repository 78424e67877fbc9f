package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import io.penstock.broker.controller.ZnodeChanges.SizedOp;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The controller of one epoch. Events are decided one after the other on its own scheduler, which
 * may block on ZooKeeper; all that arrived while a write was under way is decided together and
 * written at once. A change becomes visible only after it was written; a write that fails in any
 * way ends this tenure, and the next one begins by reading what was really written.
 */
final class ActiveController implements ControllerGateway {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveController.class);

    private static final int ANY_VERSION = -1;
    private static final long FENCE_TIMEOUT_MILLIS = 30_000;

    private static final long ELECTION_TIMEOUT_MILLIS = 60_000;

    private record Pending(ControllerEvent event, CompletableFuture<Submitted> done) {}

    private record Answered(
            ControllerEvent event, CompletableFuture<Submitted> done, Submitted answer) {}

    private final ZooKeeperClient session;
    private final int brokerId;
    private final int epoch;
    private final int epochVersion;
    private final FencedWriter writer;
    private final ControllerCore core;
    private final Consumer<ActiveController> onEnd;
    private final Scheduler thread;
    private final Scheduler timers;
    private final FailureDetector detector;
    private final StreamFollowers followers;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final long sinceNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<DeltaLog> loaded = new CompletableFuture<>();
    private final Watcher brokersChanged = change -> run(() -> refreshBrokers(this.loaded.join()));

    /**
     * @param epochVersion version of {@code /controller_epoch} that this controller wrote
     * @param onEnd called once, on any thread, when this controller stops being one
     */
    ActiveController(
            Surroundings surroundings,
            MembershipSettings settings,
            int epoch,
            int epochVersion,
            ControllerCore core,
            Consumer<ActiveController> onEnd) {
        this.session = surroundings.zooKeeper();
        this.brokerId = settings.brokerId();
        this.epoch = epoch;
        this.epochVersion = epochVersion;
        this.writer = new FencedWriter(session, epochVersion);
        this.core = core;
        this.onEnd = onEnd;
        this.sinceNanos = surroundings.clock().monotonicNanos();
        this.thread = surroundings.schedulers().create("controller-" + epoch);
        this.timers = surroundings.schedulers().create("controller-timers-" + epoch);
        this.followers = new StreamFollowers(timers);
        this.detector =
                new FailureDetector(
                        surroundings.peers(),
                        timers,
                        settings.interBrokerListener(),
                        this::committed,
                        event -> submit(event, FENCE_TIMEOUT_MILLIS));
    }

    void start() {
        run(
                () -> {
                    StreamPosition start = new StreamPosition(epoch, 0);
                    ClusterLoader.Loaded state = ClusterLoader.load(session, brokerId, start);
                    writer.write(state.repairs());
                    DeltaLog log = new DeltaLog(state.image(), timers);
                    refreshBrokers(log);
                    loaded.complete(log);
                    suspectAll(log.image());
                    awaitPreferredElection();
                    LOG.info(
                            "broker {} is the controller of epoch {}: {} brokers, {} topics",
                            brokerId,
                            epoch,
                            log.image().brokers().size(),
                            log.image().topics().size());
                });
    }

    int epoch() {
        return epoch;
    }

    /** On the monotonic clock, in nanoseconds. */
    long sinceNanos() {
        return sinceNanos;
    }

    int epochVersion() {
        return epochVersion;
    }

    /** What removes the seat of the controller that wrote this version, if no other has it. */
    static List<Op> leaveOfTheSeat(int epochVersion) {
        return List.of(
                Op.check(ZkPaths.CONTROLLER_EPOCH, epochVersion),
                Op.delete(ZkPaths.CONTROLLER, ANY_VERSION));
    }

    boolean hasEnded() {
        return ended.get();
    }

    private void refreshBrokers(DeltaLog log) {
        var live = ClusterLoader.liveBrokers(session, brokersChanged);
        decide(
                log,
                List.of(
                        new Pending(
                                new ControllerEvent.BrokersRegistered(live),
                                new CompletableFuture<>())));
    }

    private void awaitPreferredElection() {
        core.preferredElectionInterval()
                .ifPresent(interval -> timers.schedule(interval, this::electPreferred));
    }

    private void electPreferred() {
        submit(new ControllerEvent.PreferredElectionDue(), ELECTION_TIMEOUT_MILLIS)
                .whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                LOG.warn("no preferred leaders: {}", failure.toString());
                            }
                            if (!ended.get()) {
                                awaitPreferredElection();
                            }
                        });
    }

    /** Brokers may have died together with the controller before this one, unseen by anybody. */
    private void suspectAll(ClusterImage image) {
        image.brokers().values().stream()
                .filter(broker -> broker.id() != brokerId && !broker.fenced())
                .forEach(broker -> suspect(broker.id(), broker.epoch()));
    }

    @Override
    public void suspect(int suspect, long suspectEpoch) {
        detector.suspect(suspect, suspectEpoch);
    }

    private Optional<ClusterImage> committed() {
        return hasLoaded() ? Optional.of(loaded.join().image()) : Optional.empty();
    }

    private boolean hasLoaded() {
        return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    @Override
    public CompletableFuture<DeltaLog.Fetched> fetch(StreamPosition from, long maxWaitMillis) {
        return fetch(brokerId, from, maxWaitMillis);
    }

    /**
     * @param follower the broker that asks, and shows what is before the position
     */
    CompletableFuture<DeltaLog.Fetched> fetch(
            int follower, StreamPosition from, long maxWaitMillis) {
        if (ended.get()) {
            return CompletableFuture.failedFuture(new NotController());
        }
        followers.reached(follower, from);
        return loaded.thenCompose(log -> log.fetch(from, maxWaitMillis))
                .thenApply(
                        fetched -> {
                            if (ended.get()) {
                                throw new NotController();
                            }
                            return fetched;
                        });
    }

    @Override
    public CompletableFuture<Submitted> submit(ControllerEvent event, long timeoutMillis) {
        CompletableFuture<Submitted> done = new CompletableFuture<>();
        synchronized (pending) {
            if (ended.get()) {
                return CompletableFuture.failedFuture(new NotController());
            }
            pending.add(new Pending(event, done));
        }
        run(this::drain);
        return timers.limit(done, Duration.ofMillis(timeoutMillis));
    }

    private void drain() {
        List<Pending> batch;
        synchronized (pending) {
            batch = List.copyOf(pending);
            pending.clear();
        }
        if (!batch.isEmpty()) {
            decide(loaded.join(), batch);
        }
    }

    private void decide(DeltaLog log, List<Pending> batch) {
        ClusterImage image = log.image();
        StreamPosition next = new StreamPosition(epoch, image.position().sequence() + 1);
        ClusterImage working = image;
        List<MetadataRecord> records = new ArrayList<>();
        List<SizedOp> operations = new ArrayList<>();
        List<Answered> answers = new ArrayList<>();
        for (Pending each : batch) {
            try {
                Decision decision = core.decide(working, each.event());
                ClusterImage after = ClusterImages.apply(working, decision.records(), next);
                if (each.event() instanceof ControllerEvent.BrokerFenced fenced
                        && !decision.records().isEmpty()) {
                    operations.add(fenceOf(fenced));
                }
                operations.addAll(ZnodeChanges.of(working, after, decision.records()));
                records.addAll(decision.records());
                if (!decision.records().isEmpty()) {
                    working = after;
                }
                answers.add(
                        new Answered(
                                each.event(),
                                each.done(),
                                new Submitted(working.position(), decision.reply())));
            } catch (RuntimeException e) {
                LOG.error("the controller failed to decide {}", each.event().getClass(), e);
                each.done().completeExceptionally(e);
            }
        }
        try {
            writer.write(operations);
        } catch (RuntimeException e) {
            answers.forEach(a -> a.done().completeExceptionally(e));
            throw e;
        }
        if (!records.isEmpty()) {
            log.append(working, records);
        }
        Set<Integer> live = live(working);
        for (Answered each : answers) {
            if (ControllerCore.isToBeShownEverywhere(each.event())) {
                followers
                        .whenShown(live, each.answer().position())
                        .thenRun(() -> each.done().complete(each.answer()));
            } else {
                each.done().complete(each.answer());
            }
        }
    }

    private static Set<Integer> live(ClusterImage image) {
        return image.brokers().values().stream()
                .filter(broker -> !broker.fenced())
                .map(BrokerRegistration::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Goes before the elections, so that no prefix of the writes has a new leader beside an old one
     * that still proves its registration.
     */
    private SizedOp fenceOf(ControllerEvent.BrokerFenced event) {
        String path = ZkPaths.fenced(event.brokerId());
        await(session.ensure(path, FenceJson.none()), FENCE_TIMEOUT_MILLIS);
        return ZnodeChanges.sizedSet(path, FenceJson.encode(event.brokerEpoch()));
    }

    /** Runs on the controller's thread; a failure ends this tenure. */
    private void run(Runnable task) {
        thread.execute(
                () -> {
                    if (ended.get()) {
                        return;
                    }
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.warn(
                                "broker {} gives up being the controller of epoch {}: {}",
                                brokerId,
                                epoch,
                                e.toString());
                        LOG.debug("cause", e);
                        end();
                    }
                });
    }

    private void end() {
        List<Pending> undone;
        synchronized (pending) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            undone = List.copyOf(pending);
            pending.clear();
        }
        undone.forEach(p -> p.done().completeExceptionally(new NotController()));
        if (!loaded.completeExceptionally(new NotController())) {
            loaded.join().close();
        }
        followers.close();
        thread.close();
        timers.close();
        onEnd.accept(this);
    }

    @Override
    public void close() {
        end();
    }
}
