package io.penstock.broker.simulation;

import io.penstock.broker.zk.ZkException;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.SetDataRequest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A ZooKeeper ensemble as its clients see it: a tree of znodes changed by one transaction after the
 * other, sessions that own ephemeral znodes, and watches that fire once. Who is connected, what
 * gets lost and when a session expires is decided by {@link MemoryZooKeeperClient} and the
 * simulation.
 */
final class MemoryZooKeeper {

    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Map<Watcher, Session>> dataWatches = new TreeMap<>();
    private final Map<String, Map<Watcher, Session>> childWatches = new TreeMap<>();
    private final LongSupplier wallMillis;
    private final Predicate<Op> ignored;
    private CommitListener onCommit = (session, zxid, paths) -> {};
    private long zxid = 0x100;
    private long lastSession = 0x7000;

    /** Of one client; the sink gets its watch events in order. */
    static final class Session {
        private final long id;
        private final Sink sink;
        private boolean open = true;

        private Session(long id, Sink sink) {
            this.id = id;
            this.sink = sink;
        }

        long id() {
            return id;
        }

        boolean isOpen() {
            return open;
        }
    }

    @FunctionalInterface
    interface Sink {
        void accept(Watcher watcher, WatchedEvent event);
    }

    private static final class Node {
        private final Set<String> children = new LinkedHashSet<>();
        private final Stat stat = new Stat();
        private byte[] data;
    }

    MemoryZooKeeper(LongSupplier wallMillis) {
        this(wallMillis, operation -> false);
    }

    /**
     * @param ignored operations that are taken for done, to see what comes of it
     */
    MemoryZooKeeper(LongSupplier wallMillis, Predicate<Op> ignored) {
        this.wallMillis = wallMillis;
        this.ignored = ignored;
        nodes.put("/", new Node());
    }

    /** Told after every transaction which znodes a session wrote. */
    @FunctionalInterface
    interface CommitListener {
        void onCommit(Session session, long zxid, List<String> paths);
    }

    void onCommit(CommitListener listener) {
        onCommit = listener;
    }

    Session open(Sink sink) {
        zxid++;
        Session session = new Session(++lastSession, sink);
        sessions.put(session.id, session);
        return session;
    }

    /** The client left, or was silent for too long: everything of the session goes. */
    void close(Session session) {
        if (!session.open) {
            return;
        }
        session.open = false;
        sessions.remove(session.id);
        zxid++;
        List<String> owned = new ArrayList<>();
        nodes.forEach(
                (path, node) -> {
                    if (node.stat.getEphemeralOwner() == session.id) {
                        owned.add(path);
                    }
                });
        dataWatches.values().forEach(watches -> watches.values().removeIf(s -> s == session));
        childWatches.values().forEach(watches -> watches.values().removeIf(s -> s == session));
        List<Fired> fired = new ArrayList<>();
        owned.forEach(path -> remove(path, fired));
        tell(fired);
        if (!owned.isEmpty()) {
            onCommit.onCommit(session, zxid, owned);
        }
    }

    Optional<Session> session(long id) {
        return Optional.ofNullable(sessions.get(id));
    }

    /** What the znode holds, as an onlooker sees it who asks nobody. */
    Optional<byte[]> peek(String path) {
        return Optional.ofNullable(nodes.get(path)).map(node -> node.data);
    }

    Optional<Stat> stat(String path) {
        return Optional.ofNullable(nodes.get(path)).map(node -> copy(node.stat));
    }

    List<String> childrenOf(String path) {
        Node node = nodes.get(path);
        return node == null ? List.of() : List.copyOf(node.children);
    }

    void watchData(Session session, String path, Watcher watcher) {
        watch(dataWatches, session, path, watcher);
    }

    void watchChildren(Session session, String path, Watcher watcher) {
        watch(childWatches, session, path, watcher);
    }

    private static void watch(
            Map<String, Map<Watcher, Session>> watches,
            Session session,
            String path,
            Watcher watcher) {
        if (watcher != null) {
            watches.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(watcher, session);
        }
    }

    /**
     * Carries out all of the operations or none.
     *
     * @throws ZkException with the code of the first operation that failed
     */
    List<OpResult> transact(Session session, List<Op> operations) {
        Map<String, Node> before = new LinkedHashMap<>();
        List<Fired> fired = new ArrayList<>();
        List<OpResult> results = new ArrayList<>();
        List<String> written = new ArrayList<>();
        zxid++;
        try {
            for (Op operation : operations) {
                remember(before, operation.getPath());
                if (ignored.test(operation)) {
                    continue;
                }
                results.add(apply(session, operation, fired));
                if (operation.getType() != ZooDefs.OpCode.check) {
                    written.add(operation.getPath());
                }
            }
        } catch (ZkException refused) {
            before.forEach(
                    (path, node) -> {
                        if (node == null) {
                            nodes.remove(path);
                        } else {
                            nodes.put(path, node);
                        }
                    });
            throw refused;
        }
        tell(fired);
        onCommit.onCommit(session, zxid, written);
        return results;
    }

    /** Keeps what the operation may change: the znode and its parent. */
    private void remember(Map<String, Node> before, String path) {
        for (String each : List.of(path, parent(path))) {
            if (!before.containsKey(each)) {
                Node node = nodes.get(each);
                before.put(each, node == null ? null : copy(node));
            }
        }
    }

    private OpResult apply(Session session, Op operation, List<Fired> fired) {
        String path = operation.getPath();
        return switch (operation.getType()) {
            case ZooDefs.OpCode.create, ZooDefs.OpCode.create2 -> {
                CreateRequest request = (CreateRequest) operation.toRequestRecord();
                boolean ephemeral = request.getFlags() == CreateMode.EPHEMERAL.toFlag();
                if (!ephemeral && request.getFlags() != CreateMode.PERSISTENT.toFlag()) {
                    throw new IllegalArgumentException("unknown kind of znode " + path);
                }
                create(session, path, request.getData(), ephemeral, fired);
                // As in ZooKeeper, whose multi answers a plain create without a Stat.
                yield new OpResult.CreateResult(path);
            }
            case ZooDefs.OpCode.setData -> {
                SetDataRequest request = (SetDataRequest) operation.toRequestRecord();
                Node node = existing(path, request.getVersion());
                node.data = request.getData();
                node.stat.setVersion(node.stat.getVersion() + 1);
                node.stat.setMzxid(zxid);
                node.stat.setMtime(wallMillis.getAsLong());
                node.stat.setDataLength(length(node.data));
                fire(dataWatches, path, EventType.NodeDataChanged, fired);
                yield new OpResult.SetDataResult(copy(node.stat));
            }
            case ZooDefs.OpCode.delete -> {
                var request =
                        (org.apache.zookeeper.proto.DeleteRequest) operation.toRequestRecord();
                Node node = existing(path, request.getVersion());
                if (!node.children.isEmpty()) {
                    throw new ZkException(Code.NOTEMPTY, path);
                }
                remove(path, fired);
                yield new OpResult.DeleteResult();
            }
            case ZooDefs.OpCode.check -> {
                var request =
                        (org.apache.zookeeper.proto.CheckVersionRequest)
                                operation.toRequestRecord();
                existing(path, request.getVersion());
                yield new OpResult.CheckResult();
            }
            default -> throw new IllegalArgumentException("unknown operation on " + path);
        };
    }

    private void create(
            Session session, String path, byte[] data, boolean ephemeral, List<Fired> fired) {
        if (nodes.containsKey(path)) {
            throw new ZkException(Code.NODEEXISTS, path);
        }
        Node parent = nodes.get(parent(path));
        if (parent == null) {
            throw new ZkException(Code.NONODE, path);
        }
        if (parent.stat.getEphemeralOwner() != 0) {
            throw new ZkException(Code.NOCHILDRENFOREPHEMERALS, path);
        }
        Node node = new Node();
        node.data = data;
        long now = wallMillis.getAsLong();
        node.stat.setCzxid(zxid);
        node.stat.setMzxid(zxid);
        node.stat.setPzxid(zxid);
        node.stat.setCtime(now);
        node.stat.setMtime(now);
        node.stat.setDataLength(length(data));
        node.stat.setEphemeralOwner(ephemeral ? session.id : 0);
        nodes.put(path, node);
        parent.children.add(path.substring(path.lastIndexOf('/') + 1));
        childChanged(parent);
        fire(dataWatches, path, EventType.NodeCreated, fired);
        fire(childWatches, parent(path), EventType.NodeChildrenChanged, fired);
    }

    private Node existing(String path, int version) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new ZkException(Code.NONODE, path);
        }
        if (version != -1 && version != node.stat.getVersion()) {
            throw new ZkException(Code.BADVERSION, path);
        }
        return node;
    }

    private void remove(String path, List<Fired> fired) {
        nodes.remove(path);
        Node parent = nodes.get(parent(path));
        parent.children.remove(path.substring(path.lastIndexOf('/') + 1));
        childChanged(parent);
        fire(dataWatches, path, EventType.NodeDeleted, fired);
        fire(childWatches, path, EventType.NodeDeleted, fired);
        fire(childWatches, parent(path), EventType.NodeChildrenChanged, fired);
    }

    private void childChanged(Node parent) {
        parent.stat.setPzxid(zxid);
        parent.stat.setCversion(parent.stat.getCversion() + 1);
        parent.stat.setNumChildren(parent.children.size());
    }

    /** A watch to fire once the transaction has succeeded. */
    private record Fired(Map<String, Map<Watcher, Session>> watches, String path, EventType type) {}

    private static void fire(
            Map<String, Map<Watcher, Session>> watches,
            String path,
            EventType type,
            List<Fired> fired) {
        fired.add(new Fired(watches, path, type));
    }

    /** A watcher that waits for data and for children of one znode hears of its end once. */
    private void tell(List<Fired> fired) {
        Set<List<Object>> told = new LinkedHashSet<>();
        for (Fired each : fired) {
            Map<Watcher, Session> watchers = each.watches().remove(each.path());
            if (watchers == null) {
                continue;
            }
            WatchedEvent event =
                    new WatchedEvent(each.type(), KeeperState.SyncConnected, each.path(), zxid);
            watchers.forEach(
                    (watcher, session) -> {
                        if (session.open && told.add(List.of(watcher, each.path(), each.type()))) {
                            session.sink.accept(watcher, event);
                        }
                    });
        }
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static int length(byte[] data) {
        return data == null ? 0 : data.length;
    }

    private static Node copy(Node node) {
        Node copy = new Node();
        copy.children.addAll(node.children);
        copy.data = node.data;
        assign(copy.stat, node.stat);
        return copy;
    }

    private static Stat copy(Stat stat) {
        Stat copy = new Stat();
        assign(copy, stat);
        return copy;
    }

    private static void assign(Stat to, Stat from) {
        to.setCzxid(from.getCzxid());
        to.setMzxid(from.getMzxid());
        to.setCtime(from.getCtime());
        to.setMtime(from.getMtime());
        to.setVersion(from.getVersion());
        to.setCversion(from.getCversion());
        to.setAversion(from.getAversion());
        to.setEphemeralOwner(from.getEphemeralOwner());
        to.setDataLength(from.getDataLength());
        to.setNumChildren(from.getNumChildren());
        to.setPzxid(from.getPzxid());
    }
}
