package io.penstock.broker.zk;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A session with ZooKeeper. Operations are asynchronous and carried out in the order of their
 * calls; a failed one completes with {@link ZkException}. None waits for ever: while no server is
 * reached they fail with a loss of the connection. When ZooKeeper lets the session expire, another
 * one replaces it and the listeners are told: everything ephemeral and every watch is gone then.
 */
public interface ZooKeeperClient extends AutoCloseable {

    /** Called on the session's own thread; must not wait for operations of this session. */
    interface Listener {
        /** The old session is gone and a new one is established. */
        void onNewSession();

        /** A server is reached again in the same session, after the connection was lost. */
        default void onReconnected() {}
    }

    void addListener(Listener listener);

    /** The id by which ZooKeeper knows the present session, as in a znode's ephemeral owner. */
    long sessionId();

    /** In milliseconds, as negotiated with the server. */
    int sessionTimeoutMillis();

    byte[] sessionPassword();

    /** Empty when the znode does not exist. */
    default CompletableFuture<Optional<Znode>> read(String path) {
        return read(path, null);
    }

    /**
     * As {@link #read(String)}, and the watcher is told of the next change of an existing znode.
     */
    CompletableFuture<Optional<Znode>> read(String path, Watcher watcher);

    /** Empty when the znode does not exist; the watcher is told of its creation, change or end. */
    CompletableFuture<Optional<Stat>> exists(String path, Watcher watcher);

    /** Names of the children; empty also when the parent does not exist. */
    CompletableFuture<List<String>> children(String path, Watcher watcher);

    CompletableFuture<Stat> create(String path, byte[] data, CreateMode mode);

    /** Creates a persistent znode unless it is there; its data is then left as it is. */
    CompletableFuture<Void> ensure(String path, byte[] data);

    /** The version may be -1 for any. */
    CompletableFuture<Stat> write(String path, byte[] data, int version);

    /** Deletes the znode at this version; harmless when it is gone already. */
    CompletableFuture<Void> delete(String path, int version);

    /** All of the operations or none. */
    CompletableFuture<List<OpResult>> multi(List<Op> operations);

    /**
     * Ends an older session, of which id and password were kept.
     *
     * @return whether ZooKeeper knew that session and has now closed it
     */
    CompletableFuture<Boolean> endSession(long sessionId, byte[] password, Duration limit);

    /** Ends the session, and with it everything ephemeral. */
    @Override
    void close();
}
