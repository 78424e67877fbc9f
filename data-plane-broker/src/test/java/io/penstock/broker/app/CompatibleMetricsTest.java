package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.zk.TestZooKeeper;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What boards made for Kafka find on the management port of a broker that has work. */
class CompatibleMetricsTest {

    private static final long LIMIT_SECONDS = 60;
    private static final int RECORDS = 30;
    private static final long HOUR_AGO = System.currentTimeMillis() - 3_600_000;
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-zA-Z_]+=\"[^\"]*\"(,[a-zA-Z_]+=\"[^\"]*\")*})?"
                            + " [0-9.E-]+");

    @TempDir private static Path folder;
    private static TestZooKeeper zooKeeper;
    private static Broker broker;

    @BeforeAll
    static void work() throws Exception {
        zooKeeper = TestZooKeeper.start(Files.createDirectory(folder.resolve("zookeeper")));
        int[] ports = FreePorts.take(1);
        Properties properties = new Properties();
        properties.setProperty("broker.id", "0");
        properties.setProperty("log.dirs", folder.resolve("logs").toString());
        properties.setProperty("zookeeper.connect", zooKeeper.settings().connect());
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + ports[0]);
        properties.setProperty("offsets.topic.num.partitions", "1");
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("penstock.management.listener", "127.0.0.1:0");
        broker = Broker.start(BrokerConfig.from(properties), "test");
        Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:" + ports[0]);
        try (Admin admin = Admin.create(client);
                var producer =
                        new KafkaProducer<>(
                                client, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1)))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("orders", i % 3 / 2, HOUR_AGO, "k", "v" + i));
            }
            producer.flush();
            admin.alterConsumerGroupOffsets(
                            "slow",
                            Map.of(
                                    new TopicPartition("orders", 0), new OffsetAndMetadata(5),
                                    new TopicPartition("orders", 1), new OffsetAndMetadata(10)))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
        zooKeeper.close();
    }

    @Test
    void everyLineIsASampleOrItsDescription() throws Exception {
        for (String path : List.of("/metrics", "/metrics/compat")) {
            assertThat(text(path)).endsWith("# EOF\n");
            assertThat(text(path).lines().filter(line -> !line.startsWith("# ")))
                    .as(path)
                    .isNotEmpty()
                    .allMatch(line -> SAMPLE.matcher(line).matches());
        }
    }

    @Test
    void theNamesOfKafkasBeansAreThere() throws Exception {
        String text = text("/metrics/compat");

        assertThat(
                        value(
                                text,
                                "kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"}"))
                .isEqualTo(RECORDS);
        assertThat(value(text, "kafka_server_brokertopicmetrics_messagesin_total"))
                .isGreaterThanOrEqualTo(RECORDS);
        assertThat(value(text, "kafka_server_brokertopicmetrics_bytesin_total{topic=\"orders\"}"))
                .isGreaterThan(RECORDS);
        assertThat(text).contains("kafka_server_brokertopicmetrics_bytesout_total ");
        // Two of the topic, and the offsets topic's.
        assertThat(value(text, "kafka_server_replicamanager_leadercount")).isEqualTo(3);
        assertThat(value(text, "kafka_server_replicamanager_partitioncount")).isEqualTo(3);
        assertThat(value(text, "kafka_server_replicamanager_underreplicatedpartitions")).isZero();
        assertThat(value(text, "kafka_server_replicamanager_underminisrpartitioncount")).isZero();
        assertThat(value(text, "kafka_controller_kafkacontroller_activecontrollercount"))
                .isEqualTo(1);
        assertThat(value(text, "kafka_controller_kafkacontroller_offlinepartitionscount")).isZero();
        assertThat(
                        value(
                                text,
                                "kafka_cluster_partition_underminisr{topic=\"orders\",partition=\"0\"}"))
                .isZero();
        assertThat(
                        value(
                                text,
                                "kafka_cluster_partition_atminisr{topic=\"orders\",partition=\"0\"}"))
                .isEqualTo(1);
        assertThat(value(text, "kafka_log_log_size{topic=\"orders\",partition=\"1\"}"))
                .isPositive();
        assertThat(
                        value(
                                text,
                                "kafka_network_requestmetrics_totaltimems{request=\"Produce\",quantile=\"0.99\"}"))
                .isPositive()
                .isLessThan(LIMIT_SECONDS * 1000);
        assertThat(
                        value(
                                text,
                                "kafka_network_requestmetrics_totaltimems_count{request=\"Produce\"}"))
                .isPositive();
    }

    @Test
    void theLagIsToldByGroupAndTopic() throws Exception {
        await().atMost(Duration.ofSeconds(LIMIT_SECONDS))
                .untilAsserted(
                        () -> {
                            String text = text("/metrics/compat");
                            assertThat(lag(text, "SumOffsetLag")).isEqualTo(RECORDS - 5 - 10);
                            assertThat(lag(text, "MaxOffsetLag")).isEqualTo(20 - 5);
                            assertThat(lag(text, "EstimatedMaxTimeLag")).isBetween(3600.0, 4200.0);
                        });
    }

    @Test
    void theDirectoriesAndTheirOpeningAreTold() throws Exception {
        String text = text("/metrics");
        String directory = "{directory=\"" + folder.resolve("logs") + "\"}";

        assertThat(value(text, "penstock_recovery_logs_left" + directory)).isZero();
        assertThat(value(text, "penstock_recovery_segments_left" + directory)).isZero();
        assertThat(value(text, "penstock_log_directory_offline" + directory)).isZero();
        assertThat(value(text, "penstock_log_directory_usable_bytes" + directory)).isPositive();
        assertThat(value(text, "penstock_offline_replicas")).isZero();
        assertThat(value(text, "penstock_log_cleaner_largest_dirty_ratio")).isBetween(0.0, 1.0);
        assertThat(value(text, "penstock_log_cleaner_uncleanable_logs")).isZero();
    }

    private static double lag(String text, String name) {
        return value(
                text,
                "kafka_consumer_group_ConsumerLagMetrics_Value{groupId=\"slow\",topic=\"orders\",name=\""
                        + name
                        + "\"}");
    }

    private static double value(String text, String sample) {
        List<String> found =
                text.lines()
                        .filter(line -> line.startsWith(sample + " "))
                        .map(line -> line.substring(sample.length() + 1))
                        .toList();
        assertThat(found).as(sample).hasSize(1);
        return Double.parseDouble(found.getFirst());
    }

    private static String text(String path) throws Exception {
        InetSocketAddress address = broker.managementAddress().orElseThrow();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:" + address.getPort() + path))
                                    .timeout(Duration.ofSeconds(LIMIT_SECONDS))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }
}
