package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What membership and controller rely on, the same with a real ensemble and with one in memory. */
abstract class ZooKeeperClientContract {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A session of its own. */
    abstract ZooKeeperClient connect();

    /** Lets the client hear of what happened. */
    abstract void settle(ZooKeeperClient client);

    /** The ensemble takes the session for dead; the client learns so. */
    abstract void expire(ZooKeeperClient client);

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Code refusal(CompletableFuture<?> future) {
        try {
            done(future);
        } catch (ExecutionException e) {
            return ((ZkException) e.getCause()).code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was not refused");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Op creation(String path, CreateMode mode) {
        return Op.create(path, bytes("new"), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private List<String> events(CopyOnWriteArrayList<String> heard, ZooKeeperClient client) {
        settle(client);
        return heard;
    }

    private static Watcher into(List<String> heard) {
        return event -> heard.add(event.getType() + " " + event.getPath());
    }

    @Test
    void whatWasWrittenIsReadWithItsVersion() throws Exception {
        ZooKeeperClient client = connect();
        Stat created = done(client.create("/a", bytes("one"), CreateMode.PERSISTENT));
        Stat written = done(client.write("/a", bytes("two"), 0));

        Znode found = done(client.read("/a")).orElseThrow();

        assertThat(created.getVersion()).isZero();
        assertThat(created.getEphemeralOwner()).isZero();
        assertThat(written.getVersion()).isEqualTo(1);
        assertThat(written.getMzxid()).isGreaterThan(written.getCzxid());
        assertThat(new String(found.data(), UTF_8)).isEqualTo("two");
        assertThat(found.stat().getCzxid()).isEqualTo(created.getCzxid());
        assertThat(found.version()).isEqualTo(1);
    }

    @Test
    void whatIsMissingIsNoFailureOfAReading() throws Exception {
        ZooKeeperClient client = connect();

        assertThat(done(client.read("/none"))).isEmpty();
        assertThat(done(client.exists("/none", null))).isEmpty();
        assertThat(done(client.children("/none", null))).isEmpty();
        done(client.delete("/none", -1));
    }

    @Test
    void writesAreRefusedWithTheReason() throws Exception {
        ZooKeeperClient client = connect();
        done(client.create("/a", bytes(""), CreateMode.PERSISTENT));
        done(client.create("/a/b", bytes(""), CreateMode.EPHEMERAL));

        assertThat(refusal(client.create("/a", bytes(""), CreateMode.PERSISTENT)))
                .isEqualTo(Code.NODEEXISTS);
        assertThat(refusal(client.create("/x/y", bytes(""), CreateMode.PERSISTENT)))
                .isEqualTo(Code.NONODE);
        assertThat(refusal(client.create("/a/b/c", bytes(""), CreateMode.PERSISTENT)))
                .isEqualTo(Code.NOCHILDRENFOREPHEMERALS);
        assertThat(refusal(client.write("/a", bytes(""), 7))).isEqualTo(Code.BADVERSION);
        assertThat(refusal(client.write("/x", bytes(""), -1))).isEqualTo(Code.NONODE);
        assertThat(refusal(client.delete("/a", -1))).isEqualTo(Code.NOTEMPTY);
        assertThat(refusal(client.delete("/a/b", 3))).isEqualTo(Code.BADVERSION);
    }

    @Test
    void ensuringLeavesWhatIsThere() throws Exception {
        ZooKeeperClient client = connect();
        done(client.ensure("/a", bytes("first")));
        done(client.ensure("/a", bytes("second")));

        assertThat(new String(done(client.read("/a")).orElseThrow().data(), UTF_8))
                .isEqualTo("first");
    }

    @Test
    void aMultiIsDoneWhollyOrNotAtAll() throws Exception {
        ZooKeeperClient client = connect();
        done(client.create("/epoch", bytes("1"), CreateMode.PERSISTENT));

        List<OpResult> results =
                done(
                        client.multi(
                                List.of(
                                        Op.check("/epoch", 0),
                                        creation("/a", CreateMode.PERSISTENT),
                                        creation("/a/b", CreateMode.PERSISTENT),
                                        Op.setData("/epoch", bytes("2"), 0))));
        Code refused =
                refusal(
                        client.multi(
                                List.of(
                                        creation("/c", CreateMode.PERSISTENT),
                                        Op.delete("/a/b", -1),
                                        Op.check("/epoch", 0))));

        assertThat(results).hasSize(4);
        assertThat(((OpResult.CreateResult) results.get(1)).getStat()).isNull();
        Stat first = done(client.exists("/a", null)).orElseThrow();
        Stat second = done(client.exists("/a/b", null)).orElseThrow();
        assertThat(first.getCzxid()).isEqualTo(second.getCzxid());
        assertThat(((OpResult.SetDataResult) results.get(3)).getStat().getVersion()).isEqualTo(1);
        assertThat(refused).isEqualTo(Code.BADVERSION);
        assertThat(done(client.exists("/c", null))).isEmpty();
        assertThat(done(client.children("/a", null))).containsExactly("b");
    }

    @Test
    void laterTransactionsHaveHigherIds() throws Exception {
        ZooKeeperClient client = connect();
        Stat first = done(client.create("/a", bytes(""), CreateMode.EPHEMERAL));
        done(client.delete("/a", -1));
        Stat second = done(client.create("/a", bytes(""), CreateMode.EPHEMERAL));

        assertThat(second.getCzxid()).isGreaterThan(first.getCzxid());
        assertThat(second.getEphemeralOwner()).isEqualTo(client.sessionId());
    }

    @Test
    void watchesTellOfOneChange() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(other.create("/a", bytes(""), CreateMode.PERSISTENT));
        CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
        done(client.read("/a", into(heard)));
        done(client.exists("/b", into(heard)));
        done(client.children("/a", into(heard)));
        done(client.read("/none", into(heard)));

        done(other.write("/a", bytes("1"), -1));
        done(other.write("/a", bytes("2"), -1));
        done(other.create("/a/x", bytes(""), CreateMode.PERSISTENT));
        done(other.create("/a/y", bytes(""), CreateMode.PERSISTENT));
        done(other.create("/b", bytes(""), CreateMode.PERSISTENT));
        done(other.create("/none", bytes(""), CreateMode.PERSISTENT));

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(events(heard, client))
                                        .containsExactly(
                                                "NodeDataChanged /a",
                                                "NodeChildrenChanged /a",
                                                "NodeCreated /b"));
    }

    @Test
    void watchersHearOfTheEnd() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(other.create("/a", bytes(""), CreateMode.PERSISTENT));
        done(other.create("/a/b", bytes(""), CreateMode.PERSISTENT));
        CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
        Watcher one = into(heard);
        done(client.read("/a/b", one));
        done(client.exists("/a/b", one));
        done(client.children("/a/b", one));

        done(other.delete("/a/b", -1));

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(events(heard, client))
                                        .containsExactly("NodeDeleted /a/b"));
    }

    @Test
    void nobodySeesAChangeBeforeTheEventThatTellsOfIt() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(client.create("/a", bytes("old"), CreateMode.PERSISTENT));
        CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
        done(client.read("/a", event -> heard.add("event")));
        done(other.write("/a", bytes("new"), -1));

        CompletableFuture<Void> read =
                client.read("/a")
                        .thenAccept(z -> heard.add(new String(z.orElseThrow().data(), UTF_8)));
        done(read);

        assertThat(events(heard, client)).containsExactly("event", "new");
    }

    @Test
    void whatIsEphemeralEndsWithItsSession() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(client.create("/a", bytes(""), CreateMode.EPHEMERAL));
        done(client.create("/kept", bytes(""), CreateMode.PERSISTENT));
        CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
        done(other.exists("/a", into(heard)));

        client.close();

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(events(heard, other)).containsExactly("NodeDeleted /a"));
        assertThat(done(other.exists("/kept", null))).isPresent();
    }

    @Test
    void anExpiredSessionIsReplacedAndItsWatchesAreGone() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(client.create("/a", bytes(""), CreateMode.EPHEMERAL));
        CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
        done(client.exists("/b", into(heard)));
        CopyOnWriteArrayList<Long> sessions = new CopyOnWriteArrayList<>();
        client.addListener(() -> sessions.add(client.sessionId()));
        long before = client.sessionId();

        expire(client);

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            settle(client);
                            assertThat(sessions).hasSize(1);
                        });
        assertThat(sessions.getFirst()).isNotEqualTo(before);
        assertThat(done(other.exists("/a", null))).isEmpty();
        done(other.create("/b", bytes(""), CreateMode.PERSISTENT));
        assertThat(done(client.exists("/b", null))).isPresent();
        assertThat(events(heard, client)).isEmpty();
    }

    @Test
    void aKeptSessionIsEndedByWhoKnowsItsPassword() throws Exception {
        ZooKeeperClient client = connect();
        ZooKeeperClient other = connect();
        done(client.create("/a", bytes(""), CreateMode.EPHEMERAL));
        byte[] wrong = client.sessionPassword().clone();
        wrong[3] ^= 1;

        boolean endedByAStranger = done(other.endSession(client.sessionId(), wrong, LIMIT));
        boolean thereAfterTheStranger = done(other.exists("/a", null)).isPresent();
        boolean ended = done(other.endSession(client.sessionId(), client.sessionPassword(), LIMIT));

        assertThat(endedByAStranger).isFalse();
        assertThat(thereAfterTheStranger).isTrue();
        assertThat(ended).isTrue();
        assertThat(done(other.exists("/a", null))).isEmpty();
    }
}
