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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One process's client of a {@link MemoryZooKeeper}. Operations complete within the call. Watch
 * events come when {@link #deliver} is called, and always before the answer of a later operation,
 * as ZooKeeper promises: nobody sees a change before the event that tells of it.
 */
final class MemoryZooKeeperClient implements ZooKeeperClient {

    private final MemoryZooKeeper zooKeeper;
    private final int sessionTimeoutMillis;
    private final Link link;
    private final List<Listener> listeners = new ArrayList<>();
    private final ArrayDeque<Runnable> undelivered = new ArrayDeque<>();
    private MemoryZooKeeper.Session session;
    private boolean closed;

    /** What becomes of a request on its way to the ensemble and of its answer. */
    enum Passage {
        WHOLE,
        REQUEST_LOST,
        ANSWER_LOST
    }

    /** The client's way to the ensemble. */
    interface Link {

        /** A link that always works, and delivers watch events on request only. */
        Link PERFECT = write -> Passage.WHOLE;

        /**
         * @param write whether the operation changes anything
         */
        Passage next(boolean write);

        /** Watch events wait for {@link MemoryZooKeeperClient#deliver}. */
        default void eventsWait() {}
    }

    MemoryZooKeeperClient(MemoryZooKeeper zooKeeper, int sessionTimeoutMillis, Link link) {
        this.zooKeeper = zooKeeper;
        this.sessionTimeoutMillis = sessionTimeoutMillis;
        this.link = link;
        open();
    }

    private void open() {
        undelivered.clear();
        session = zooKeeper.open(this::enqueue);
    }

    private void enqueue(Watcher watcher, WatchedEvent event) {
        undelivered.add(() -> watcher.process(event));
        link.eventsWait();
    }

    /** Tells the watchers what they have not heard yet. */
    void deliver() {
        while (!closed && session.isOpen() && !undelivered.isEmpty()) {
            undelivered.remove().run();
        }
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
        Passage passage = link.next(write);
        if (passage == Passage.REQUEST_LOST) {
            return failed(Code.CONNECTIONLOSS, path);
        }
        CompletableFuture<T> result;
        try {
            result = CompletableFuture.completedFuture(operation.get());
        } catch (ZkException refused) {
            result = CompletableFuture.failedFuture(refused);
        }
        if (passage == Passage.ANSWER_LOST) {
            return failed(Code.CONNECTIONLOSS, path);
        }
        deliver();
        return result;
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
        }
    }
}
