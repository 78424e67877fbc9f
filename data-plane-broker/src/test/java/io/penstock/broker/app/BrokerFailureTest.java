package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Three broker processes that are killed and frozen, and an ensemble that goes away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
class BrokerFailureTest {

    private static final Duration LIMIT = TestCluster.LIMIT;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(9);
    private static final int PARTITIONS = 6;
    private static final short REPLICAS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private static Path folder;
    private static TestCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = TestCluster.of(folder, 3, SESSION_TIMEOUT);
        admin = cluster.admin();
        cluster.credential(admin, "app", AclOperation.READ, AclOperation.WRITE);
        createTopic("orders", REPLICAS);
    }

    @AfterAll
    static void stopCluster() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(5));
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aKilledBrokerIsFencedLongBeforeItsSessionExpires() throws Exception {
        BrokerProcess controller = controller();
        BrokerProcess victim = other(controller, controller);
        awaitTrue(() -> knowsEverybody());

        try (AcknowledgedLoad load = AcknowledgedLoad.on(producer(), ledBy(victim))) {
            load.awaitMore(100);
            Duration seen = killAndAwait(victim, () -> knows(controller, 2));
            load.awaitMore(100);

            report("a broker was killed and fenced", seen);
            report("acknowledgements went on", load.longestGap());
            assertThat(seen).isLessThan(SESSION_TIMEOUT.dividedBy(2));
            assertThat(load.longestGap()).isLessThan(SESSION_TIMEOUT.dividedBy(2));
        }
        assertThat(health(controller).get("controller").asBoolean()).isTrue();
        backAgain(victim);
    }

    @Test
    @Order(2)
    void aKilledControllerIsReplacedAndFencedLongBeforeItsSessionExpires() throws Exception {
        BrokerProcess victim = controller();
        BrokerProcess survivor = other(victim, victim);
        BrokerProcess otherSurvivor = other(victim, survivor);
        awaitTrue(() -> knowsEverybody());

        try (AcknowledgedLoad load = AcknowledgedLoad.on(producer(), ledBy(victim))) {
            load.awaitMore(100);
            Duration seen =
                    killAndAwait(
                            victim,
                            () ->
                                    knows(survivor, 2)
                                            && knows(otherSurvivor, 2)
                                            && health(survivor).get("controller_id").asInt()
                                                    != victim.id());
            load.awaitMore(100);

            report("the controller was killed, replaced and fenced", seen);
            report("acknowledgements went on", load.longestGap());
            assertThat(seen).isLessThan(SESSION_TIMEOUT.dividedBy(2));
            assertThat(load.longestGap()).isLessThan(SESSION_TIMEOUT.dividedBy(2));
        }
        backAgain(victim);
    }

    @Test
    @Order(3)
    void withoutZooKeeperRecordsAreTakenAndAfterwardsEverybodyIsThereWithoutARestart()
            throws Exception {
        awaitTrue(() -> knowsEverybody());
        try (AcknowledgedLoad load =
                AcknowledgedLoad.on(producer(), new TopicPartition("orders", 0))) {
            load.awaitMore(50);

            cluster.stopZooKeeper();
            load.awaitMore(500);
            assertThat(cluster.brokers())
                    .allSatisfy(
                            broker ->
                                    assertThat(health(broker).get("state").asText())
                                            .isEqualTo("RUNNING"));
            cluster.startZooKeeper();

            load.awaitMore(50);
            report("without ZooKeeper acknowledgements went on", load.longestGap());
        }
        createTopic("after-the-loss", REPLICAS);
        awaitTrue(() -> knowsEverybody());
    }

    @Test
    @Order(4)
    void aFrozenControllerIsReplacedWhenItsSessionExpiresAndComesBackAsABroker() throws Exception {
        BrokerProcess frozen = controller();
        BrokerProcess survivor = other(frozen, frozen);
        long epoch = health(frozen).get("broker_epoch").asLong();

        long start = System.nanoTime();
        frozen.pause();
        awaitTrue(() -> knows(survivor, 2));
        Duration seen = Duration.ofNanos(System.nanoTime() - start);
        frozen.resume();

        report("the controller was frozen and its session expired", seen);
        awaitTrue(() -> knowsEverybody());
        awaitTrue(() -> health(frozen).get("broker_epoch").asLong() > epoch);
        assertThat(cluster.brokers())
                .filteredOn(broker -> health(broker).get("controller").asBoolean())
                .hasSize(1)
                .doesNotContain(frozen);
        createTopic("after-the-frost", REPLICAS);
    }

    @Test
    @Order(5)
    void aControllerThatIsStoppedInOrderHandsOverAtOnce() throws Exception {
        BrokerProcess stopped = controller();
        BrokerProcess survivor = other(stopped, stopped);
        awaitTrue(() -> knowsEverybody());
        AcknowledgedLoad load = AcknowledgedLoad.on(producer(), ledBy(stopped));
        load.awaitMore(100);

        long start = System.nanoTime();
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> terminate(stopped));
        awaitTrue(
                () ->
                        knows(survivor, 2)
                                && health(survivor).get("controller_id").asInt() != stopped.id());
        Duration seen = Duration.ofNanos(System.nanoTime() - start);
        assertThat(status.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isZero();

        load.awaitMore(100);
        load.close();

        report("the controller was stopped in order and replaced", seen);
        report("acknowledgements went on", load.longestGap());
        assertThat(seen).isLessThan(SESSION_TIMEOUT.dividedBy(2));
        assertThat(stopped.output()).contains("leads nothing any more").endsWith("Stopped\n");
        backAgain(stopped);
    }

    private static int terminate(BrokerProcess broker) {
        try {
            return broker.terminate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void report(String what, Duration took) {
        System.out.printf("%s in %d ms%n", what, took.toMillis());
    }

    private static Duration killAndAwait(BrokerProcess victim, Callable<Boolean> condition)
            throws Exception {
        awaitTrue(() -> knowsEverybody());
        long start = System.nanoTime();
        victim.kill();
        awaitTrue(condition);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void backAgain(BrokerProcess broker) throws IOException {
        broker.start().awaitRunning();
        awaitTrue(() -> knowsEverybody());
    }

    private static boolean knowsEverybody() {
        return cluster.brokers().stream().allMatch(broker -> knows(broker, 3));
    }

    /** Whether this many brokers count in the broker's own view. */
    private static boolean knows(BrokerProcess broker, int brokers) {
        return health(broker).get("brokers").asInt() == brokers;
    }

    private static BrokerProcess controller() {
        awaitTrue(
                () ->
                        cluster.brokers().stream()
                                .anyMatch(b -> health(b).get("controller").asBoolean()));
        return cluster.brokers().stream()
                .filter(broker -> health(broker).get("controller").asBoolean())
                .findFirst()
                .orElseThrow();
    }

    private static BrokerProcess other(BrokerProcess one, BrokerProcess another) {
        return cluster.brokers().stream()
                .filter(broker -> broker != one && broker != another)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode health(BrokerProcess broker) {
        try {
            Optional<HttpResponse<String>> answer = broker.get("/health");
            return JSON.readTree(answer.orElseThrow().body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private static void createTopic(String name, short replicas) throws Exception {
        admin.createTopics(
                        List.of(
                                new NewTopic(name, PARTITIONS, replicas)
                                        .configs(Map.of("min.insync.replicas", "2"))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static KafkaProducer<String, String> producer() {
        Map<String, Object> settings = cluster.client("app");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static TopicPartition ledBy(BrokerProcess broker) throws Exception {
        for (int i = 0; i < 600; i++) {
            Optional<TopicPartitionInfo> led =
                    admin
                            .describeTopics(List.of("orders"))
                            .allTopicNames()
                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .get("orders")
                            .partitions()
                            .stream()
                            .filter(p -> p.leader() != null && p.leader().id() == broker.id())
                            .filter(p -> p.isr().size() == REPLICAS)
                            .findFirst();
            if (led.isPresent()) {
                return new TopicPartition("orders", led.get().partition());
            }
        }
        throw new AssertionError("broker " + broker.id() + " leads nothing");
    }
}
