package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Three replicas on three real broker processes, and real clients while brokers come and go. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicationEndToEndTest {

    private static final Duration LIMIT = TestCluster.LIMIT;
    private static final short THREE = 3;

    @TempDir private static Path folder;
    private static TestCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = TestCluster.of(folder, 3);
        admin = cluster.admin();
        cluster.credential(admin, "app", AclOperation.READ, AclOperation.WRITE);
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
    void acknowledgedRecordsSurviveTheLossOfTheLeaderInOrder() throws Exception {
        createTopic("orders", "2");
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            produce(producer, "orders", 0, 200, acknowledged);
            BrokerProcess leader = leaderOf("orders");
            List<Future<?>> underWay = new ArrayList<>();
            for (int i = 200; i < 400; i++) {
                underWay.add(send(producer, "orders", i, acknowledged));
            }
            leader.kill();
            for (Future<?> one : underWay) {
                one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            produce(producer, "orders", 400, 500, acknowledged);

            assertThat(leaderOf("orders")).isNotSameAs(leader);
            assertThat(acknowledged).hasSize(500);
            assertThat(readAll("orders", 500)).isEqualTo(acknowledged);

            leader.start().awaitRunning();
            awaitInSync("orders", 3);
        }
        assertThat(readAll("orders", 500)).isEqualTo(acknowledged);
    }

    @Test
    @Order(2)
    void everyReplicaHoldsWhatWasAcknowledgedAlsoTheOneThatCameBack() throws Exception {
        createTopic("moves", "2");
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int round = 0; round < 3; round++) {
                BrokerProcess leader = leaderOf("moves");
                produce(producer, "moves", round * 50, round * 50 + 25, acknowledged);
                leader.terminate();
                produce(producer, "moves", round * 50 + 25, round * 50 + 50, acknowledged);
                leader.start().awaitRunning();
                awaitInSync("moves", 3);
            }
        }
        assertThat(readAll("moves", 150)).isEqualTo(acknowledged);
    }

    @Test
    @Order(3)
    void tooFewInSyncReplicasRefuseAcksAllAndNothingElse() throws Exception {
        createTopic("careful", "3");
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        BrokerProcess follower = follower("careful");
        try (KafkaProducer<String, String> producer = producer(Map.of());
                KafkaProducer<String, String> impatient =
                        producer(
                                Map.of(
                                        ProducerConfig.RETRIES_CONFIG,
                                        0,
                                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                        false))) {
            produce(producer, "careful", 0, 10, acknowledged);
            follower.kill();
            awaitInSync("careful", 2);
            BrokerProcess leader = leaderOf("careful");
            awaitTrue(
                    () ->
                            leader.get("/metrics")
                                    .orElseThrow()
                                    .body()
                                    .lines()
                                    .anyMatch(
                                            line ->
                                                    line.matches(
                                                            "penstock_under_min_isr_partitions 1(\\.0)?")));

            assertThatThrownBy(
                            () ->
                                    impatient
                                            .send(new ProducerRecord<>("careful", "lost"))
                                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotEnoughReplicasException.class);
            assertThat(readAll("careful", 10)).isEqualTo(acknowledged);

            follower.start().awaitRunning();
            awaitInSync("careful", 3);
            produce(producer, "careful", 10, 20, acknowledged);
        }
        assertThat(readAll("careful", 20)).isEqualTo(acknowledged);
    }

    @Test
    @Order(4)
    void aConsumerReadsFromTheReplicaInItsRack() throws Exception {
        createTopic("near", "2");
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            produce(producer, "near", 0, 50, acknowledged);
        }
        BrokerProcess leader = leaderOf("near");
        BrokerProcess follower = follower("near");

        List<String> values =
                readAll(
                        "near",
                        50,
                        Map.of(ConsumerConfig.CLIENT_RACK_CONFIG, TestCluster.rack(follower.id())));

        assertThat(values).isEqualTo(acknowledged);
        assertThat(bytesSent(leader, "near")).isZero();
        assertThat(bytesSent(follower, "near")).isPositive();
    }

    @Test
    @Order(5)
    void recordsThatCountOnDiskOnlyAreForcedInGroups() throws Exception {
        createTopic("durable", Map.of("min.insync.replicas", "2", "flush.messages", "1"));
        List<Long> before = new ArrayList<>();
        for (BrokerProcess broker : cluster.brokers()) {
            before.add(forces(broker));
        }
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (KafkaProducer<String, String> producer = producer(Map.of());
                KafkaProducer<String, String> ofLeader =
                        producer(
                                Map.of(
                                        ProducerConfig.ACKS_CONFIG,
                                        "1",
                                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                        false))) {
            produce(producer, "durable", 0, 10, acknowledged);
            for (int id = 0; id < THREE; id++) {
                assertThat(forces(cluster.broker(id)) - before.get(id))
                        .as("ten records one after the other on broker %d", id)
                        .isGreaterThanOrEqualTo(10);
            }
            produce(ofLeader, "durable", 10, 20, acknowledged);
            assertThat(forces(leaderOf("durable")) - before.get(leaderOf("durable").id()))
                    .isGreaterThanOrEqualTo(20);

            List<Future<?>> underWay = new ArrayList<>();
            for (int i = 20; i < 1_020; i++) {
                underWay.add(send(producer, "durable", i, acknowledged));
            }
            for (Future<?> one : underWay) {
                one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
        for (int id = 0; id < THREE; id++) {
            assertThat(forces(cluster.broker(id)) - before.get(id))
                    .as("a thousand records at once on broker %d", id)
                    .isLessThan(700);
        }
        assertThat(readAll("durable", 1_020)).isEqualTo(acknowledged);
    }

    private static long forces(BrokerProcess broker) throws Exception {
        String sample = "penstock_log_forces_total ";
        return broker.get("/metrics")
                .orElseThrow()
                .body()
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToLong(line -> Math.round(Double.parseDouble(line.substring(sample.length()))))
                .sum();
    }

    @Test
    @Order(6)
    void deletedRecordsAreGoneFromEveryLiveReplicaWhenThatIsAnswered() throws Exception {
        createTopic("shortened", "1");
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            produce(producer, "shortened", 0, 10, acknowledged);
        }
        var wanted = Map.of(new TopicPartition("shortened", 0), RecordsToDelete.beforeOffset(6));
        BrokerProcess follower = follower("shortened");
        follower.pause();
        try {
            assertThatThrownBy(
                            () ->
                                    admin.deleteRecords(
                                                    wanted,
                                                    new DeleteRecordsOptions().timeoutMs(2_000))
                                            .all()
                                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        } finally {
            follower.resume();
        }

        long lowWatermark =
                admin.deleteRecords(wanted)
                        .lowWatermarks()
                        .get(new TopicPartition("shortened", 0))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .lowWatermark();

        assertThat(lowWatermark).isEqualTo(6);
        assertThat(readAll("shortened", 4)).isEqualTo(acknowledged.subList(6, 10));
    }

    private static long bytesSent(BrokerProcess broker, String topic) throws Exception {
        String sample = "penstock_topic_bytes_out_total{topic=\"" + topic + "\"} ";
        return broker.get("/metrics")
                .orElseThrow()
                .body()
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToLong(line -> Long.parseLong(line.substring(sample.length())))
                .sum();
    }

    private static Future<?> send(
            KafkaProducer<String, String> producer,
            String topic,
            int number,
            List<String> acknowledged) {
        String value = "value" + number;
        return producer.send(
                new ProducerRecord<>(topic, value),
                (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.add(value);
                    }
                });
    }

    private static void produce(
            KafkaProducer<String, String> producer,
            String topic,
            int from,
            int to,
            List<String> acknowledged)
            throws Exception {
        for (int i = from; i < to; i++) {
            send(producer, topic, i, acknowledged).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<String> readAll(String topic, int count) {
        return readAll(topic, count, Map.of());
    }

    private static List<String> readAll(String topic, int count, Map<String, Object> extra) {
        List<String> values = new ArrayList<>();
        Map<String, Object> settings = cluster.client("app");
        settings.putAll(extra);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(100))
                                        .forEach(record -> values.add(record.value()));
                                return values.size() >= count
                                        && consumer.position(partition)
                                                == consumer.endOffsets(List.of(partition))
                                                        .get(partition);
                            });
        }
        return values;
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> extra) {
        Map<String, Object> settings = cluster.client("app");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 100);
        settings.putAll(extra);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void createTopic(String name, String minimumInSync) throws Exception {
        createTopic(name, Map.of("min.insync.replicas", minimumInSync));
    }

    private static void createTopic(String name, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, THREE).configs(configs)))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static TopicPartitionInfo describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .getFirst();
    }

    private static BrokerProcess leaderOf(String topic) throws Exception {
        return cluster.broker(describe(topic).leader().id());
    }

    private static BrokerProcess follower(String topic) throws Exception {
        TopicPartitionInfo partition = describe(topic);
        Node last = partition.replicas().getLast();
        assertThat(last.id()).isNotEqualTo(partition.leader().id());
        return cluster.broker(last.id());
    }

    private static void awaitInSync(String topic, int count) {
        awaitTrue(() -> describe(topic).isr().size() == count);
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(condition);
    }
}
