package io.penstock.broker.simulation;

import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One process's client of a {@link MemoryZooKeeper}. Operations complete within the call, unless
 * the way to the ensemble is slow. Watch events come when {@link #deliver} is called, and always
 * before the answer of a later operation, as ZooKeeper promises: nobody sees a change before the
 * event that tells of it.
 */
final class MemoryZooKeeperClient implements ZooKeeperClient {

    private final MemoryZooKeeper zooKeeper;
    private final int sessionTimeoutMillis;
    private final Link link;
    private final List<Listener> listeners = new ArrayList<>();
    private final ArrayDeque<Inbound> undelivered = new ArrayDeque<>();
    private final Set<Asked<?>> unanswered = new LinkedHashSet<>();
    private MemoryZooKeeper.Session session;
    private int connection;
    private boolean closed;

    /** What becomes of a request on its way to the ensemble and of its answer. */
    enum Passage {
        WHOLE,
        REQUEST_LOST,
        ANSWER_LOST
    }

    /** An event or an answer on its way to the client. */
    private record Inbound(long arrivesNanos, Runnable task) {}

    /** A request on a slow way. What is on the way is lost with its connection. */
    private record Asked<T>(
            CompletableFuture<T> answer,
            MemoryZooKeeper.Session session,
            int connection,
            boolean write,
            String path,
            Supplier<T> operation) {}

    /** The client's way to the ensemble. */
    interface Link {

        /** A link that always works, and delivers watch events on request only. */
        Link PERFECT = write -> Passage.WHOLE;

        /**
         * @param write whether the operation changes anything
         */
        Passage next(boolean write);

        /** Events or answers wait for {@link MemoryZooKeeperClient#deliver}. */
        default void eventsWait() {}

        /** Whether a request or an answer takes time. */
        default boolean isSlow() {
            return false;
        }

        /** Has something done when what is sent to the ensemble now arrives, in order. */
        default void travel(Runnable arrival) {
            arrival.run();
        }

        /** When arrives what is sent to the client now, in order. */
        default long arrivesNanos() {
            return 0;
        }

        default long nowNanos() {
            return 0;
        }

        default <T> CompletableFuture<T> newAnswer() {
            return new CompletableFuture<>();
        }

        /** Has something done by the client's process. */
        default void perform(Runnable task) {
            task.run();
        }

        /** Has something done after a client has heard nothing for as long as it is patient. */
        default void afterPatience(Runnable task) {}
    }

    MemoryZooKeeperClient(MemoryZooKeeper zooKeeper, int sessionTimeoutMillis, Link link) {
        this.zooKeeper = zooKeeper;
        this.sessionTimeoutMillis = sessionTimeoutMillis;
        this.link = link;
        open();
    }

    private void open() {
        undelivered.clear();
        failUnanswered(Code.SESSIONEXPIRED);
        session = zooKeeper.open(this::enqueue);
    }

    private void enqueue(Watcher watcher, WatchedEvent event) {
        undelivered.add(new Inbound(link.arrivesNanos(), () -> watcher.process(event)));
        link.eventsWait();
    }

    /** Tells what has arrived and was not heard yet. */
    void deliver() {
        while (!closed && session.isOpen() && hasArrived()) {
            undelivered.remove().task().run();
        }
    }

    private boolean hasArrived() {
        return !undelivered.isEmpty() && undelivered.peek().arrivesNanos() <= link.nowNanos();
    }

    /** When the next event or answer arrives that was not heard yet. */
    OptionalLong nextArrivalNanos() {
        return undelivered.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(undelivered.peek().arrivesNanos());
    }

    boolean hasExpired() {
        return !closed && !session.isOpen();
    }

    boolean isClosed() {
        return closed;
    }

    MemoryZooKeeper.Session session() {
        return session;
    }

    /** The client has learned that its session expired, and opens another one. */
    void renew() {
        if (hasExpired()) {
            open();
            List.copyOf(listeners).forEach(Listener::onNewSession);
        }
    }

    private <T> CompletableFuture<T> ask(boolean write, String path, Supplier<T> operation) {
        if (closed || !session.isOpen()) {
            return failed(Code.SESSIONEXPIRED, path);
        }
        if (link.isSlow() || !unanswered.isEmpty()) {
            return askSlowly(
                    new Asked<>(link.newAnswer(), session, connection, write, path, operation));
        }
        Passage passage = link.next(write);
        if (passage == Passage.REQUEST_LOST) {
            return failed(Code.CONNECTIONLOSS, path);
        }
        CompletableFuture<T> result = carryOut(operation);
        if (passage == Passage.ANSWER_LOST) {
            return failed(Code.CONNECTIONLOSS, path);
        }
        deliver();
        return result;
    }

    private static <T> CompletableFuture<T> carryOut(Supplier<T> operation) {
        try {
            return CompletableFuture.completedFuture(operation.get());
        } catch (ZkException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private <T> CompletableFuture<T> askSlowly(Asked<T> asked) {
        unanswered.add(asked);
        link.travel(() -> arrived(asked));
        link.afterPatience(
                () -> {
                    if (!asked.answer().isDone()) {
                        loseConnection();
                    }
                });
        return asked.answer();
    }

    private <T> void arrived(Asked<T> asked) {
        if (asked.connection() != connection || !asked.session().isOpen()) {
            return;
        }
        Passage passage = link.next(asked.write());
        if (passage == Passage.REQUEST_LOST) {
            loseConnection();
            return;
        }
        CompletableFuture<T> result = carryOut(asked.operation());
        if (passage == Passage.ANSWER_LOST) {
            loseConnection();
            return;
        }
        undelivered.add(
                new Inbound(
                        link.arrivesNanos(),
                        () -> {
                            unanswered.remove(asked);
                            result.whenComplete(
                                    (done, failure) -> settle(asked.answer(), done, failure));
                        }));
        link.eventsWait();
    }

    private static <T> void settle(CompletableFuture<T> answer, T done, Throwable failure) {
        if (failure == null) {
            answer.complete(done);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    /** What was asked and not answered may have been done or not. */
    private void loseConnection() {
        connection++;
        link.perform(() -> failUnanswered(Code.CONNECTIONLOSS));
    }

    private void failUnanswered(Code code) {
        List<Asked<?>> lost = List.copyOf(unanswered);
        unanswered.clear();
        lost.forEach(
                asked -> asked.answer().completeExceptionally(new ZkException(code, asked.path())));
    }

    private static <T> CompletableFuture<T> failed(Code code, String path) {
        return CompletableFuture.failedFuture(new ZkException(code, path));
    }

    @Override
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public long sessionId() {
        return session.id();
    }

    @Override
    public int sessionTimeoutMillis() {
        return sessionTimeoutMillis;
    }

    @Override
    public byte[] sessionPassword() {
        return password(session.id());
    }

    private static byte[] password(long sessionId) {
        return ByteBuffer.allocate(16).putLong(sessionId).putLong(~sessionId).array();
    }

    @Override
    public CompletableFuture<Optional<Znode>> read(String path, Watcher watcher) {
        return ask(
                false,
                path,
                () -> {
                    Optional<Stat> stat = zooKeeper.stat(path);
                    stat.ifPresent(present -> zooKeeper.watchData(session, path, watcher));
                    return stat.map(
                            present ->
                                    new Znode(zooKeeper.peek(path).orElse(new byte[0]), present));
                });
    }

    @Override
    public CompletableFuture<Optional<Stat>> exists(String path, Watcher watcher) {
        return ask(
                false,
                path,
                () -> {
                    zooKeeper.watchData(session, path, watcher);
                    return zooKeeper.stat(path);
                });
    }

    @Override
    public CompletableFuture<List<String>> children(String path, Watcher watcher) {
        return ask(
                false,
                path,
                () -> {
                    if (zooKeeper.stat(path).isEmpty()) {
                        return List.of();
                    }
                    zooKeeper.watchChildren(session, path, watcher);
                    return zooKeeper.childrenOf(path);
                });
    }

    @Override
    public CompletableFuture<Stat> create(String path, byte[] data, CreateMode mode) {
        return ask(
                true,
                path,
                () -> {
                    transact(creation(path, data, mode));
                    return zooKeeper.stat(path).orElseThrow();
                });
    }

    @Override
    public CompletableFuture<Void> ensure(String path, byte[] data) {
        return ask(
                true,
                path,
                () -> {
                    tolerating(Code.NODEEXISTS, creation(path, data, CreateMode.PERSISTENT));
                    return null;
                });
    }

    private static Op creation(String path, byte[] data, CreateMode mode) {
        return Op.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    @Override
    public CompletableFuture<Stat> write(String path, byte[] data, int version) {
        return ask(
                true,
                path,
                () ->
                        ((OpResult.SetDataResult) transact(Op.setData(path, data, version)))
                                .getStat());
    }

    @Override
    public CompletableFuture<Void> delete(String path, int version) {
        return ask(
                true,
                path,
                () -> {
                    tolerating(Code.NONODE, Op.delete(path, version));
                    return null;
                });
    }

    @Override
    public CompletableFuture<List<OpResult>> multi(List<Op> operations) {
        return ask(true, null, () -> zooKeeper.transact(session, operations));
    }

    private OpResult transact(Op operation) {
        return zooKeeper.transact(session, List.of(operation)).getFirst();
    }

    private void tolerating(Code harmless, Op operation) {
        try {
            transact(operation);
        } catch (ZkException refused) {
            if (refused.code() != harmless) {
                throw refused;
            }
        }
    }

    @Override
    public CompletableFuture<Boolean> endSession(long sessionId, byte[] password, Duration limit) {
        if (closed || link.next(true) != Passage.WHOLE) {
            return CompletableFuture.completedFuture(false);
        }
        Optional<MemoryZooKeeper.Session> old =
                Arrays.equals(password, password(sessionId))
                        ? zooKeeper.session(sessionId)
                        : Optional.empty();
        old.ifPresent(zooKeeper::close);
        return CompletableFuture.completedFuture(old.isPresent());
    }

    /** A farewell that is lost on the way leaves the session to expire. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (session.isOpen() && link.next(true) != Passage.REQUEST_LOST) {
                zooKeeper.close(session);
            }
            failUnanswered(Code.CONNECTIONLOSS);
        }
    }
}
