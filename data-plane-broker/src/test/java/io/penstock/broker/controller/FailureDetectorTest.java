package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.time.SchedulerThread;
import io.penstock.broker.zk.TestZooKeeper;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

@Timeout(60)
class FailureDetectorTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long EPOCH = 7;

    @TempDir Path directory;
    private final Peers peers = new NettyPeers(Optional.empty(), "test");
    private final SchedulerThread scheduler = new SchedulerThread("detector");
    private final List<ControllerEvent.BrokerFenced> dead = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        scheduler.close();
        peers.close();
    }

    @Test
    void anAddressThatRefusesConnectionsIsDead() throws Exception {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }

        detector(registered(port, Uuid.randomUuid())).suspect(1, EPOCH);

        awaitDead();
    }

    @Test
    void anotherIncarnationAtTheAddressMeansThatTheEarlierOneIsDead() throws Exception {
        try (TestZooKeeper zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
                TestNode node = TestNode.start(1, zooKeeper.settings(), directory)) {
            detector(registered(node.port(), Uuid.randomUuid())).suspect(1, EPOCH);

            awaitDead();
        }
    }

    @Test
    void whoAnswersAsItselfIsNotFenced() throws Exception {
        try (TestZooKeeper zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
                TestNode node = TestNode.start(1, zooKeeper.settings(), directory)) {
            Uuid incarnation = node.image().brokers().get(1).incarnation();
            ClusterImage image = registered(node.port(), incarnation);
            CompletableFuture<Void> looked = new CompletableFuture<>();

            detector(image, looked).suspect(1, EPOCH);
            looked.get(LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            detector(registered(node.port(), Uuid.randomUuid())).suspect(1, EPOCH);

            awaitDead();
            assertThat(dead).as("of the second suspicion only").hasSize(1);
        }
    }

    @Test
    void whoAcceptsAndSaysNothingIsLeftToItsSession() throws Exception {
        try (ServerSocket silent = listen()) {
            CompletableFuture<Void> looked = new CompletableFuture<>();

            detector(registered(silent.getLocalPort(), Uuid.randomUuid()), looked)
                    .suspect(1, EPOCH);
            looked.get(LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);

            assertThat(dead).isEmpty();
        }
    }

    @Test
    void aProcessThatIsTornDownWhileItIsProbedIsFoundDead() throws Exception {
        ServerSocket dying = listen();
        detector(registered(dying.getLocalPort(), Uuid.randomUuid())).suspect(1, EPOCH);

        try (Socket accepted = dying.accept()) {
            assertThat(accepted.isConnected()).isTrue();
        }
        dying.close();

        awaitDead();
    }

    @Test
    void anEarlierEpochIsNoSuspect() throws Exception {
        int port;
        try (ServerSocket socket = listen()) {
            port = socket.getLocalPort();
        }
        FailureDetector detector = detector(registered(port, Uuid.randomUuid()));

        detector.suspect(1, EPOCH - 1);
        detector.suspect(2, EPOCH);
        detector.suspect(1, EPOCH);
        detector.suspect(1, EPOCH);

        awaitDead();
        assertThat(dead).hasSize(1);
    }

    private void awaitDead() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () ->
                                assertThat(dead)
                                        .contains(new ControllerEvent.BrokerFenced(1, EPOCH)));
    }

    private FailureDetector detector(ClusterImage image) {
        return detector(image, new CompletableFuture<>());
    }

    /**
     * @param looked completes when an investigation has ended without a verdict
     */
    private FailureDetector detector(ClusterImage image, CompletableFuture<Void> looked) {
        Peers watched =
                new Peers() {
                    @Override
                    public PeerLink open(Endpoint endpoint) {
                        PeerLink link = peers.open(endpoint);
                        return new PeerLink() {
                            @Override
                            public CompletableFuture<java.nio.ByteBuffer> request(
                                    short apiKey, java.nio.ByteBuffer body, long timeoutMillis) {
                                return link.request(apiKey, body, timeoutMillis);
                            }

                            @Override
                            public void close() {
                                link.close();
                                scheduler.execute(() -> looked.complete(null));
                            }
                        };
                    }

                    @Override
                    public CompletableFuture<Reachability> probe(
                            Endpoint endpoint, Duration limit) {
                        return peers.probe(endpoint, limit);
                    }

                    @Override
                    public void close() {}
                };
        return new FailureDetector(
                watched, scheduler, "INTERNAL", () -> Optional.of(image), this::fence);
    }

    private CompletableFuture<Void> fence(ControllerEvent.BrokerFenced verdict) {
        dead.add(verdict);
        return new CompletableFuture<>();
    }

    private static ServerSocket listen() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    private static ClusterImage registered(int port, Uuid incarnation) {
        return ClusterImages.apply(
                ClusterImage.EMPTY,
                List.of(
                        new MetadataRecord.BrokerRegistered(
                                new BrokerRegistration(
                                        1,
                                        EPOCH,
                                        incarnation,
                                        List.of(
                                                new Endpoint(
                                                        "INTERNAL",
                                                        "127.0.0.1",
                                                        port,
                                                        SecurityProtocol.PLAINTEXT)),
                                        Optional.empty(),
                                        false))),
                new StreamPosition(1, 1));
    }
}
