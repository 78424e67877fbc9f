package io.penstock.broker.app;

import static io.penstock.broker.app.Application.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

/**
 * Unchanged producers and readers against three broker processes, of which some end, and replicas
 * that move.
 */
class RecordsEndToEndTest {

    private static final int PARTITIONS = Application.PARTITIONS;
    private static final Duration LIMIT = TestCluster.LIMIT;

    @TempDir private static Path folder;
    private static TestCluster cluster;
    private static Admin admin;
    private static Application app;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = TestCluster.of(folder, 3);
        admin = cluster.admin();
        cluster.credential(admin, Application.USER, AclOperation.READ, AclOperation.WRITE);
        cluster.credential(admin, "reader", AclOperation.READ);
        app = new Application(cluster, admin);
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
    void leadersOfATopicSpreadOverTheBrokers() throws Exception {
        app.createTopic("spread");

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

    @Test
    void aCredentialThatMayOnlyReadCannotProduce() throws Exception {
        app.createTopic("read-only");
        try (KafkaProducer<String, String> producer =
                app.producer("reader", Map.of("enable.idempotence", false))) {
            assertThatThrownBy(
                            () ->
                                    producer.send(new ProducerRecord<>("read-only", "key", "value"))
                                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void recordsAreDeletedAndLogDirectoriesDescribed() throws Exception {
        app.createTopic("purged");
        app.produce("purged", "old", 120);
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int number = 0; number < PARTITIONS; number++) {
            all.put(new TopicPartition("purged", number), RecordsToDelete.beforeOffset(-1));
        }

        long deleted = 0;
        for (var low : admin.deleteRecords(all).lowWatermarks().values()) {
            deleted += low.get(LIMIT.toSeconds(), TimeUnit.SECONDS).lowWatermark();
        }

        assertThat(deleted).isEqualTo(120);
        assertThatThrownBy(
                        () ->
                                admin.deleteRecords(
                                                Map.of(
                                                        new TopicPartition("purged", 0),
                                                        RecordsToDelete.beforeOffset(1_000)))
                                        .all()
                                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(OffsetOutOfRangeException.class);
        var described =
                admin.describeLogDirs(List.of(0, 1, 2))
                        .allDescriptions()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Set<TopicPartition> found = new HashSet<>();
        described.forEach(
                (broker, directories) ->
                        directories
                                .values()
                                .forEach(
                                        directory -> {
                                            assertThat(directory.error()).isNull();
                                            assertThat(directory.totalBytes().orElse(0))
                                                    .isPositive();
                                            found.addAll(directory.replicaInfos().keySet());
                                        }));
        assertThat(found).containsAll(all.keySet());
    }

    @Test
    void acknowledgedRecordsAreThereAfterABrokerWasKilled() throws Exception {
        app.createTopic("durable");
        Set<String> acknowledged = new HashSet<>(app.produce("durable", "before", 600));
        BrokerProcess victim = cluster.broker(1);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = app.producer()) {
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

        List<ConsumerRecord<String, String>> read = app.readAll("durable", acknowledged.size());

        assertThat(read.stream().map(ConsumerRecord::value).toList())
                .as("all of them, none twice")
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
    void aTerminatedBrokerStopsCleanlyAndComesBack() throws Exception {
        app.createTopic("kept");
        Set<String> acknowledged = app.produce("kept", "value", 330);
        BrokerProcess broker = cluster.broker(2);

        assertThat(broker.terminate()).as("exit status").isZero();
        assertThat(broker.output()).contains("Stopped");
        broker.start().awaitRunning();

        assertThat(app.readAll("kept", 330))
                .extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
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
        Set<String> acknowledged = new HashSet<>(app.produce("moved", "before", 600));

        get(admin.alterPartitionReassignments(moves).all());
        acknowledged.addAll(app.produce("moved", "during", 600));

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
        assertThat(app.readAll("moved", acknowledged.size()))
                .extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
}
