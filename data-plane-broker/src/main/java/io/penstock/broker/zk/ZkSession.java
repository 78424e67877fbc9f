package io.penstock.broker.zk;

import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A session with a real ensemble. Operations are pipelined. */
public final class ZkSession implements ZooKeeperClient {

    private static final Logger LOG = LoggerFactory.getLogger(ZkSession.class);
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final ZkSettings settings;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService renewal =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("zk-session").factory());
    private volatile Client client;
    private volatile boolean closed;

    /** One ZooKeeper client and the first time it is connected. */
    private final class Client implements Watcher {
        private final CompletableFuture<Void> connected = new CompletableFuture<>();
        private final ZooKeeper zooKeeper;

        private Client() throws IOException {
            this.zooKeeper = open(settings, this);
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> {
                    if (!connected.complete(null)) {
                        LOG.info("ZooKeeper is reached again");
                        tell(Listener::onReconnected);
                    }
                }
                case Disconnected -> LOG.warn("The connection to ZooKeeper is lost");
                case Expired -> {
                    LOG.warn("ZooKeeper let the session expire; opening a new one");
                    renew(FIRST_RETRY_MILLIS);
                }
                case AuthFailed -> LOG.error("ZooKeeper refused this broker's authentication");
                default -> LOG.debug("ZooKeeper session is {}", event.getState());
            }
        }
    }

    /**
     * ZooKeeper tells every watcher of each change of the connection too; who watches a znode wants
     * to hear of the znode only. Two for the same target are equal, so that it is told once.
     */
    private record NodeWatcher(Watcher target) implements Watcher {
        private static NodeWatcher of(Watcher target) {
            return target == null ? null : new NodeWatcher(target);
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                target.process(event);
            }
        }
    }

    private ZkSession(ZkSettings settings) throws IOException {
        this.settings = settings;
        this.client = new Client();
    }

    /**
     * @throws ZkException when no server answers within the connect timeout
     */
    public static ZkSession connect(ZkSettings settings) {
        ZkSession session;
        try {
            session = new ZkSession(settings);
        } catch (IOException e) {
            throw new ZkException(
                    "cannot use zookeeper.connect=" + settings.connect() + ": " + e.getMessage());
        }
        try {
            session.client.connected.get(
                    settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return session;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.close();
            throw new ZkException("interrupted while connecting to ZooKeeper");
        } catch (ExecutionException | TimeoutException e) {
            session.close();
            throw new ZkException(
                    "no ZooKeeper server of zookeeper.connect="
                            + settings.connect()
                            + " answered within "
                            + settings.connectTimeout().toMillis()
                            + " ms");
        }
    }

    private static ZKClientConfig clientConfig(ZkSettings settings) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, "16777216");
        settings.clientProperties().forEach(config::setProperty);
        return config;
    }

    private static ZooKeeper open(ZkSettings settings, Watcher watcher) throws IOException {
        return new ZooKeeper(
                settings.connect(),
                Math.toIntExact(settings.sessionTimeout().toMillis()),
                watcher,
                clientConfig(settings));
    }

    @Override
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public long sessionId() {
        return client.zooKeeper.getSessionId();
    }

    @Override
    public int sessionTimeoutMillis() {
        return client.zooKeeper.getSessionTimeout();
    }

    @Override
    public byte[] sessionPassword() {
        return client.zooKeeper.getSessionPasswd();
    }

    @Override
    public CompletableFuture<Optional<Znode>> read(String path, Watcher watcher) {
        CompletableFuture<Optional<Znode>> result = new CompletableFuture<>();
        AsyncCallback.DataCallback callback =
                (code, at, context, data, stat) -> {
                    if (Code.get(code) == Code.NONODE) {
                        result.complete(Optional.empty());
                    } else if (succeeded(code, at, result)) {
                        result.complete(
                                Optional.of(new Znode(data == null ? new byte[0] : data, stat)));
                    }
                };
        client.zooKeeper.getData(path, NodeWatcher.of(watcher), callback, null);
        return result;
    }

    @Override
    public CompletableFuture<Optional<Stat>> exists(String path, Watcher watcher) {
        CompletableFuture<Optional<Stat>> result = new CompletableFuture<>();
        client.zooKeeper.exists(
                path,
                NodeWatcher.of(watcher),
                (code, at, context, stat) -> {
                    if (Code.get(code) == Code.NONODE) {
                        result.complete(Optional.empty());
                    } else if (succeeded(code, at, result)) {
                        result.complete(Optional.of(stat));
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<List<String>> children(String path, Watcher watcher) {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        client.zooKeeper.getChildren(
                path,
                NodeWatcher.of(watcher),
                (int code, String at, Object context, List<String> names, Stat stat) -> {
                    if (Code.get(code) == Code.NONODE) {
                        result.complete(List.of());
                    } else if (succeeded(code, at, result)) {
                        result.complete(List.copyOf(names));
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<Stat> create(String path, byte[] data, CreateMode mode) {
        CompletableFuture<Stat> result = new CompletableFuture<>();
        client.zooKeeper.create(
                path,
                data,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                mode,
                (code, at, context, name, stat) -> {
                    if (succeeded(code, at, result)) {
                        result.complete(stat);
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<Void> ensure(String path, byte[] data) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        client.zooKeeper.create(
                path,
                data,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, at, context, name, stat) -> {
                    if (Code.get(code) == Code.NODEEXISTS || succeeded(code, at, result)) {
                        result.complete(null);
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<Stat> write(String path, byte[] data, int version) {
        CompletableFuture<Stat> result = new CompletableFuture<>();
        client.zooKeeper.setData(
                path,
                data,
                version,
                (code, at, context, stat) -> {
                    if (succeeded(code, at, result)) {
                        result.complete(stat);
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<Void> delete(String path, int version) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        client.zooKeeper.delete(
                path,
                version,
                (code, at, context) -> {
                    if (Code.get(code) == Code.NONODE || succeeded(code, at, result)) {
                        result.complete(null);
                    }
                },
                null);
        return result;
    }

    @Override
    public CompletableFuture<List<OpResult>> multi(List<Op> operations) {
        CompletableFuture<List<OpResult>> result = new CompletableFuture<>();
        client.zooKeeper.multi(
                operations,
                (code, at, context, results) -> {
                    if (succeeded(code, at, result)) {
                        result.complete(results);
                    }
                },
                null);
        return result;
    }

    /** On the session's own thread, as the client's must not be held up. */
    private void tell(Consumer<Listener> news) {
        if (!closed) {
            renewal.execute(() -> listeners.forEach(news));
        }
    }

    private static boolean succeeded(int code, String path, CompletableFuture<?> result) {
        if (code == Code.OK.intValue()) {
            return true;
        }
        result.completeExceptionally(new ZkException(Code.get(code), path));
        return false;
    }

    private void renew(long retryMillis) {
        if (closed) {
            return;
        }
        renewal.execute(
                () -> {
                    if (closed) {
                        return;
                    }
                    try {
                        closeQuietly(client.zooKeeper);
                        Client next = new Client();
                        client = next;
                        next.connected.thenRunAsync(
                                () -> listeners.forEach(Listener::onNewSession), renewal);
                    } catch (IOException e) {
                        LOG.warn("cannot open a new ZooKeeper session: {}", e.getMessage());
                        renewal.schedule(
                                () -> renew(Math.min(retryMillis * 2, LAST_RETRY_MILLIS)),
                                retryMillis,
                                TimeUnit.MILLISECONDS);
                    }
                });
    }

    @Override
    public void close() {
        closed = true;
        renewal.shutdownNow();
        closeQuietly(client.zooKeeper);
    }

    private static void closeQuietly(ZooKeeper zooKeeper) {
        try {
            zooKeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletableFuture<Boolean> endSession(long sessionId, byte[] password, Duration limit) {
        return CompletableFuture.supplyAsync(
                () -> attachAndEnd(sessionId, password, limit), renewal);
    }

    private boolean attachAndEnd(long sessionId, byte[] password, Duration limit) {
        CompletableFuture<Boolean> attached = new CompletableFuture<>();
        ZooKeeper old;
        try {
            old =
                    new ZooKeeper(
                            settings.connect(),
                            Math.toIntExact(settings.sessionTimeout().toMillis()),
                            event -> {
                                switch (event.getState()) {
                                    case SyncConnected -> attached.complete(true);
                                    case Expired, AuthFailed, Closed -> attached.complete(false);
                                    default -> LOG.debug("old session is {}", event.getState());
                                }
                            },
                            sessionId,
                            password,
                            false,
                            new StaticHostProvider(
                                    new ConnectStringParser(settings.connect())
                                            .getServerAddresses()),
                            clientConfig(settings));
        } catch (IOException e) {
            return false;
        }
        try {
            return attached.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } finally {
            closeQuietly(old);
        }
    }
}
