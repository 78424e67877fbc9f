package io.penstock.broker.controller;

import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Proves six times per session timeout T that this broker's registration counts: a quorum write
 * that succeeds only while the broker is registered and not fenced. A read would not do, for it is
 * answered by a server that may itself be cut off.
 *
 * <p>The lease ends 2/3 T after the last proof was <em>sent</em>, on the monotonic clock: before
 * ZooKeeper, which counts T from when it heard of this session, can have let it expire, and with
 * room for pauses and clock drift. Without ZooKeeper the lease lapses and nothing else happens; the
 * heartbeat goes on trying.
 */
final class Heartbeat implements Lease, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private static final int ANY_VERSION = -1;

    /** The registration that beats. */
    private record Life(long brokerEpoch, long sessionId, Duration sessionTimeout) {}

    private record Proof(Life life, long untilNanos) {}

    private final ZooKeeperClient zooKeeper;
    private final int brokerId;
    private final Scheduler scheduler;
    private final Clock clock;
    private final LongConsumer onFenced;
    private volatile Optional<Life> life = Optional.empty();
    private volatile Optional<Proof> proof = Optional.empty();

    /** Only tasks of the scheduler touch these. */
    private Scheduler.Cancellable next = () -> {};

    /** Counts the times that the fence was read; beats of an earlier count do not go on. */
    private int chain;

    private int failures;

    /**
     * @param onFenced told, on this heartbeat's scheduler, up to which epoch this broker is fenced
     */
    Heartbeat(
            ZooKeeperClient zooKeeper,
            int brokerId,
            Scheduler scheduler,
            Clock clock,
            LongConsumer onFenced) {
        this.zooKeeper = zooKeeper;
        this.brokerId = brokerId;
        this.scheduler = scheduler;
        this.clock = clock;
        this.onFenced = onFenced;
    }

    @Override
    public boolean isHeld() {
        Optional<Proof> last = proof;
        return last.isPresent()
                && life.equals(Optional.of(last.get().life()))
                && clock.monotonicNanos() - last.get().untilNanos() < 0;
    }

    /** A registration was made by this session: from now on it is the one to prove. */
    void begin(long brokerEpoch, long sessionId) {
        Life begun =
                new Life(
                        brokerEpoch,
                        sessionId,
                        Duration.ofMillis(zooKeeper.sessionTimeoutMillis()));
        life = Optional.of(begun);
        scheduler.execute(
                () -> {
                    failures = 0;
                    readFence(begun);
                });
    }

    /** The registration is gone, and the lease with it. */
    void end() {
        life = Optional.empty();
        scheduler.execute(() -> next.cancel());
    }

    /** Something hints at a fence: does not wait for the next beat. */
    void beatNow() {
        scheduler.execute(() -> life.ifPresent(this::readFence));
    }

    private void readFence(Life current) {
        if (isOver(current)) {
            return;
        }
        next.cancel();
        int own = ++chain;
        String path = ZkPaths.fenced(brokerId);
        CompletableFuture<Void> made =
                CompletableFuture.allOf(
                        zooKeeper.ensure(path, FenceJson.none()),
                        zooKeeper.ensure(ZkPaths.heartbeat(brokerId), new byte[0]));
        heard(
                current,
                own,
                made.thenCompose(done -> zooKeeper.read(path)),
                fence -> judge(current, own, path, fence.orElseThrow()));
    }

    private void judge(Life current, int own, String path, Znode fence) {
        long fenced = FenceJson.decode(path, fence.data());
        if (fenced < current.brokerEpoch()) {
            beat(current, own, fence.version());
            return;
        }
        LOG.warn(
                "broker {} was fenced in epoch {}; it gives up what it led and registers anew",
                brokerId,
                current.brokerEpoch());
        life = Optional.empty();
        onFenced.accept(fenced);
    }

    private void beat(Life current, int own, int fenceVersion) {
        if (isOver(current) || own != chain) {
            return;
        }
        long sent = clock.monotonicNanos();
        List<Op> operations =
                List.of(
                        Op.check(ZkPaths.fenced(brokerId), fenceVersion),
                        Op.check(ZkPaths.broker(brokerId), ANY_VERSION),
                        Op.setData(
                                ZkPaths.heartbeat(brokerId),
                                HeartbeatJson.encode(current.brokerEpoch(), clock.wallMillis()),
                                ANY_VERSION));
        heard(
                current,
                own,
                zooKeeper.multi(operations),
                done -> proved(current, own, sent, fenceVersion));
    }

    private void proved(Life current, int own, long sent, int fenceVersion) {
        long timeout = current.sessionTimeout().toNanos();
        proof = Optional.of(new Proof(current, sent + timeout * 2 / 3));
        if (failures > 0) {
            LOG.info("broker {} proves its registration again", brokerId);
            failures = 0;
        }
        long elapsed = clock.monotonicNanos() - sent;
        Duration pause = Duration.ofNanos(Math.max(0, timeout / 6 - elapsed));
        next = scheduler.schedule(pause, () -> beat(current, own, fenceVersion));
    }

    /** Goes on with an answer on the scheduler, unless something newer has begun. */
    private <T> void heard(Life current, int own, CompletableFuture<T> answer, Consumer<T> then) {
        scheduler
                .limit(answer, current.sessionTimeout())
                .thenAcceptAsync(
                        result -> {
                            if (!isOver(current) && own == chain) {
                                then.accept(result);
                            }
                        },
                        scheduler)
                .exceptionallyAsync(
                        failure -> {
                            if (!isOver(current) && own == chain) {
                                failed(current, failure);
                            }
                            return null;
                        },
                        scheduler);
    }

    /** Tries again soon, for a client moves to another server at once; then at the usual pace. */
    private void failed(Life current, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ZkException zk && zk.code() == Code.BADVERSION) {
            readFence(current);
            return;
        }
        LOG.debug("no heartbeat", cause);
        if (failures == 0) {
            LOG.info("broker {} cannot prove its registration: {}", brokerId, cause.toString());
        }
        int part = Math.max(1, 4 >> Math.min(failures, 2));
        failures++;
        Duration pause = current.sessionTimeout().dividedBy(6L * part);
        next = scheduler.schedule(pause, () -> readFence(current));
    }

    /** An answer to a request of another session proves nothing. */
    private boolean isOver(Life current) {
        return !life.equals(Optional.of(current)) || zooKeeper.sessionId() != current.sessionId();
    }

    @Override
    public void close() {
        life = Optional.empty();
        scheduler.close();
    }
}
