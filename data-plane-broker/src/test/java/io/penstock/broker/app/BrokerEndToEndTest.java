package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Unchanged Kafka clients against three broker processes and a ZooKeeper server, with TLS and
 * SCRAM.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokerEndToEndTest {

    private static final int PARTITIONS = 6;
    private static final Duration LIMIT = TestCluster.LIMIT;

    @TempDir private static Path folder;
    private static TestCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = TestCluster.of(folder, 3);
        admin = cluster.admin();
        cluster.credential(admin, "app", AclOperation.READ, AclOperation.WRITE);
        cluster.credential(admin, "reader", AclOperation.READ);
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
    void leadersOfATopicSpreadOverTheBrokers() throws Exception {
        createTopic("spread");

        TopicDescription described =
                admin.describeTopics(List.of("spread"))
                        .allTopicNames()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .get("spread");

        assertThat(described.partitions())
                .hasSize(PARTITIONS)
                .extracting(partition -> partition.leader().id())
                .contains(0, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @Order(2)
    void twoMembersShareATopicAndALaterMemberResumes(String protocol) throws Exception {
        String topic = "shared-" + protocol;
        String group = "group-" + protocol;
        createTopic(topic);
        Set<String> first = produce(topic, "first", 300);

        Set<String> consumed = new HashSet<>();
        try (KafkaConsumer<String, String> one = consumer(group, protocol);
                KafkaConsumer<String, String> two = consumer(group, protocol)) {
            one.subscribe(List.of(topic));
            two.subscribe(List.of(topic));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(one, consumed);
                                poll(two, consumed);
                                return one.assignment().size() == PARTITIONS / 2
                                        && two.assignment().size() == PARTITIONS / 2
                                        && consumed.size() >= first.size();
                            });
        }
        assertThat(consumed).isEqualTo(first);
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(committed.values().stream().mapToLong(OffsetAndMetadata::offset).sum())
                .isEqualTo(first.size());

        Set<String> second = produce(topic, "second", 30);
        Set<String> resumed = new HashSet<>();
        try (KafkaConsumer<String, String> later = consumer(group, protocol)) {
            later.subscribe(List.of(topic));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(later, resumed);
                                return resumed.size() >= second.size();
                            });
        }
        assertThat(resumed).as("what was committed is not consumed again").isEqualTo(second);
    }

    @Test
    @Order(3)
    void aCredentialThatMayOnlyReadCannotProduce() {
        try (KafkaProducer<String, String> producer = producer("reader", false)) {
            assertThatThrownBy(
                            () ->
                                    producer.send(
                                                    new ProducerRecord<>(
                                                            "shared-classic", "key", "value"))
                                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    @Order(4)
    void healthAndMetricsTellTheGroupsLag() throws Exception {
        createTopic("lagging");
        produce("lagging", "value", 60);
        admin.alterConsumerGroupOffsets(
                        "slow",
                        IntStream.range(0, PARTITIONS)
                                .boxed()
                                .collect(
                                        Collectors.toMap(
                                                p -> new TopicPartition("lagging", p),
                                                p -> new OffsetAndMetadata(0))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);

        StringBuilder all = new StringBuilder();
        for (BrokerProcess broker : cluster.brokers()) {
            String text = broker.get("/metrics").orElseThrow().body();
            assertThat(text).endsWith("# EOF\n").doesNotContain("NaN");
            all.append(text);
        }

        assertThat(all.toString())
                .contains("penstock_consumer_group_committed_offset{group=\"slow\"")
                .contains("penstock_request_seconds_bucket{api=\"Produce\"")
                .contains("penstock_topic_bytes_in_total{topic=\"lagging\"}");
        long lag =
                all.toString()
                        .lines()
                        .filter(
                                line ->
                                        line.startsWith(
                                                "penstock_consumer_group_lag{group=\"slow\""))
                        .mapToLong(
                                line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
        assertThat(lag).as("of the partitions that the coordinator leads").isPositive();
        assertThat(cluster.broker(0).get("/health").orElseThrow().body())
                .contains("\"state\":\"RUNNING\"", "\"brokers\":3", "\"offline_partitions\":0");
    }

    @Test
    @Order(5)
    void groupsAreListedDescribedAndDeleted() throws Exception {
        createTopic("administered");
        produce("administered", "value", 12);
        TopicPartition first = new TopicPartition("administered", 0);
        try (KafkaConsumer<String, String> member = consumer("described", "classic")) {
            member.subscribe(List.of("administered"));
            Set<String> consumed = new HashSet<>();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(member, consumed);
                                return consumed.size() == 12;
                            });

            ConsumerGroupDescription described = describe("described");
            assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(described.members()).hasSize(1);
            assertThat(described.members().iterator().next().assignment().topicPartitions())
                    .hasSize(PARTITIONS);
            assertThatThrownBy(() -> get(admin.deleteConsumerGroups(List.of("described")).all()))
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            assertThatThrownBy(
                            () ->
                                    get(
                                            admin.deleteConsumerGroupOffsets(
                                                            "described", Set.of(first))
                                                    .all()))
                    .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
        }
        assertThat(get(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()))
                .extracting(GroupListing::groupId)
                .contains("described", "group-classic", "group-consumer");

        get(admin.deleteConsumerGroupOffsets("described", Set.of(first)).all());
        assertThat(committed("described")).doesNotContainKey(first).hasSize(PARTITIONS - 1);
        get(admin.deleteConsumerGroups(List.of("described")).all());

        assertThat(get(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()))
                .extracting(GroupListing::groupId)
                .doesNotContain("described");
    }

    private static ConsumerGroupDescription describe(String group) throws Exception {
        return get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Order(7)
    void acknowledgedRecordsAreThereAfterABrokerWasKilled() throws Exception {
        createTopic("durable");
        Set<String> acknowledged = new HashSet<>(produce("durable", "before", 600));
        BrokerProcess victim = cluster.broker(1);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer("app", true)) {
            for (int i = 0; i < 2_000; i++) {
                sent.add(producer.send(new ProducerRecord<>("durable", "key" + i, "during-" + i)));
                if (i == 1_000) {
                    sent.getFirst().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    victim.kill();
                    victim.start();
                }
            }
            producer.flush();
            for (int i = 0; i < sent.size(); i++) {
                sent.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                acknowledged.add("during-" + i);
            }
        }
        victim.awaitRunning();

        List<ConsumerRecord<String, String>> read = readAll("durable", acknowledged.size());

        assertThat(read.stream().map(ConsumerRecord::value).toList())
                .as("all of them, none twice")
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
    @Order(8)
    void aTerminatedBrokerStopsCleanlyAndComesBack() throws Exception {
        BrokerProcess broker = cluster.broker(2);

        assertThat(broker.terminate()).as("exit status").isZero();
        assertThat(broker.output()).contains("Stopped");
        broker.start().awaitRunning();

        assertThat(readAll("shared-classic", 330)).hasSize(330);
    }

    @Test
    @Order(9)
    void replicasMoveToOtherBrokersWhileRecordsArrive() throws Exception {
        Map<Integer, List<Integer>> before = new HashMap<>();
        Map<TopicPartition, Optional<NewPartitionReassignment>> moves = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            before.put(i, List.of(0));
            moves.put(
                    new TopicPartition("moved", i),
                    Optional.of(new NewPartitionReassignment(List.of(1, 2))));
        }
        get(admin.createTopics(List.of(new NewTopic("moved", before))).all());
        Set<String> acknowledged = new HashSet<>(produce("moved", "before", 600));

        get(admin.alterPartitionReassignments(moves).all());
        acknowledged.addAll(produce("moved", "during", 600));

        await().atMost(LIMIT)
                .until(() -> get(admin.listPartitionReassignments().reassignments()).isEmpty());
        TopicDescription moved =
                get(admin.describeTopics(List.of("moved")).allTopicNames()).get("moved");
        assertThat(moved.partitions())
                .hasSize(PARTITIONS)
                .allSatisfy(
                        partition -> {
                            assertThat(partition.leader().id()).isEqualTo(1);
                            assertThat(partition.replicas())
                                    .extracting(Node::id)
                                    .containsExactly(1, 2);
                            assertThat(partition.isr())
                                    .extracting(Node::id)
                                    .containsExactlyInAnyOrder(1, 2);
                        });
        assertThat(readAll("moved", acknowledged.size()))
                .extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    private static void createTopic(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static KafkaProducer<String, String> producer(String user, boolean idempotent) {
        Map<String, Object> settings = cluster.client(user);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, idempotent);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Returns the values, all of them acknowledged. */
    private static Set<String> produce(String topic, String prefix, int count) throws Exception {
        Set<String> values = new HashSet<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer("app", true)) {
            for (int i = 0; i < count; i++) {
                String value = prefix + "-" + i;
                values.add(value);
                sent.add(producer.send(new ProducerRecord<>(topic, "key" + i, value)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(String group, String protocol) {
        Map<String, Object> settings = new HashMap<>(cluster.client("app"));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Commits at once: what a member loses in a rebalance is then not consumed again. */
    private static void poll(KafkaConsumer<String, String> consumer, Set<String> values) {
        consumer.poll(Duration.ofMillis(100)).forEach(found -> values.add(found.value()));
        consumer.commitSync(LIMIT);
    }

    private static List<ConsumerRecord<String, String>> readAll(String topic, int atLeast) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer("unused", "classic")) {
            consumer.assign(
                    IntStream.range(0, PARTITIONS)
                            .mapToObj(number -> new TopicPartition(topic, number))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                                return read.size() >= atLeast;
                            });
        }
        return read;
    }
}
