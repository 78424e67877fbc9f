package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.Znode;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The ensemble while requests and answers take time. */
class SlowZooKeeperTest {

    private static final int SLOW_MILLIS = 1_000;
    private static final String PATH = "/path";

    private final SimulatedTime time = new SimulatedTime(1);
    private final SplittableRandom random = new SplittableRandom(2);
    private final SimulatedNetwork network = new SimulatedNetwork(time, random.split());
    private final SimulatedEnsemble ensemble =
            new SimulatedEnsemble(time, network, random.split(), Mutation.NONE);
    private final MemoryZooKeeperClient client = connect("client");
    private final List<String> heard = new ArrayList<>();

    @Test
    void answersComeLaterAndInTheOrderOfTheRequests() {
        ensemble.slow(SLOW_MILLIS);

        hear("created", client.create(PATH, data("1"), CreateMode.PERSISTENT));
        hear("written", client.write(PATH, data("2"), 0));
        CompletableFuture<Optional<Znode>> read = client.read(PATH);
        assertThat(heard).isEmpty();
        happenFor(Duration.ofSeconds(3));

        assertThat(heard).containsExactly("created", "written");
        assertThat(read.join().orElseThrow().data()).isEqualTo(data("2"));
    }

    @Test
    void anEventIsHeardBeforeWhatWasReadAfterTheChange() {
        client.create(PATH, data("1"), CreateMode.PERSISTENT).join();
        client.read(PATH, event -> heard.add("event")).join();
        ensemble.slow(SLOW_MILLIS);

        connect("other").write(PATH, data("2"), 0).join();
        hear("read", client.read(PATH));
        happenFor(Duration.ofSeconds(3));

        assertThat(heard).containsExactly("event", "read");
    }

    @Test
    void aClientThatHearsNothingForTooLongGivesUpAndLaterNothingIsDone() {
        ensemble.slow(60_000);

        CompletableFuture<?> created = client.create(PATH, data("1"), CreateMode.PERSISTENT);
        happenFor(Duration.ofMillis(SimulatedEnsemble.SESSION_TIMEOUT_MILLIS));

        assertThat(codeOf(created)).isIn(Code.CONNECTIONLOSS, Code.SESSIONEXPIRED);
        happenFor(Duration.ofMinutes(2));
        assertThat(ensemble.zooKeeper().stat(PATH)).isEmpty();
    }

    @Test
    void aSessionThatIsHeardOfTooLateExpires() {
        long first = client.sessionId();

        ensemble.slow(2 * SimulatedEnsemble.SESSION_TIMEOUT_MILLIS);
        happenFor(Duration.ofMillis(2 * SimulatedEnsemble.SESSION_TIMEOUT_MILLIS));

        assertThat(client.sessionId()).isNotEqualTo(first);
    }

    private MemoryZooKeeperClient connect(String host) {
        return ensemble.connect(new SimulatedProcess(host, time, random.split()), host);
    }

    private void hear(String what, CompletableFuture<?> answer) {
        answer.thenRun(() -> heard.add(what));
    }

    private static byte[] data(String text) {
        return text.getBytes(UTF_8);
    }

    private static Code codeOf(CompletableFuture<?> failed) {
        return failed.handle(
                        (done, failure) ->
                                ((ZkException)
                                                (failure instanceof CompletionException wrapped
                                                        ? wrapped.getCause()
                                                        : failure))
                                        .code())
                .join();
    }

    private void happenFor(Duration duration) {
        boolean[] over = {false};
        time.after(duration, "over", () -> over[0] = true);
        while (!over[0]) {
            time.step();
        }
    }
}
