package io.penstock.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.testing.TestBroker;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The unchanged Java clients against the server, its handlers and a log on disk. */
class ProduceFetchTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir private Path folder;
    private TestBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker =
                new TestBroker(folder)
                        .withTopic("orders", 2, Map.of("segment.bytes", "1048576"))
                        .withTopic("compacted", 1, Map.of("cleanup.policy", "compact"))
                        .withTopic("__consumer_offsets", 1, Map.of("cleanup.policy", "compact"))
                        .start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyRecordComesBackInOrder(String compression) throws Exception {
        List<String> sent = values(2_000, 500);

        produce(Map.of("compression.type", compression, "linger.ms", "2"), sent);

        assertThat(consume(ORDERS, sent.size(), Map.of())).isEqualTo(sent);
    }

    @Test
    void aSmallFetchLimitStillReadsBatchesThatAreLarger() throws Exception {
        List<String> sent = values(40, 20_000);
        produce(Map.of("batch.size", "65536"), sent);

        assertThat(
                        consume(
                                ORDERS,
                                sent.size(),
                                Map.of(
                                        "fetch.max.bytes",
                                        "1024",
                                        "max.partition.fetch.bytes",
                                        "1024")))
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyKindOfAcknowledgementDelivers(String acks) throws Exception {
        List<String> sent = values(100, 100);

        produce(Map.of("acks", acks, "enable.idempotence", "false"), sent);

        assertThat(consume(ORDERS, sent.size(), Map.of())).isEqualTo(sent);
    }

    @Test
    void aWaitingFetchIsAnsweredWhenARecordArrives() throws Exception {
        try (KafkaConsumer<String, String> consumer =
                consumer(Map.of("fetch.max.wait.ms", "60000", "request.timeout.ms", "90000"))) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            assertThat(consumer.position(ORDERS)).isZero();
            CompletableFuture<Collection<ConsumerRecord<String, String>>> polled =
                    CompletableFuture.supplyAsync(() -> poll(consumer, 1, Duration.ofSeconds(30)));

            produce(Map.of(), List.of("late"));

            assertThat(polled.get(20, TimeUnit.SECONDS))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("late");
            // Its next fetch waits for a minute, and with it what would end the session.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void aFetchWaitsForItsMinimumButNoLongerThanItSays() throws Exception {
        produce(Map.of(), List.of("one"));

        try (KafkaConsumer<String, String> consumer =
                consumer(Map.of("fetch.min.bytes", "1000000", "fetch.max.wait.ms", "700"))) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            consumer.position(ORDERS);
            long started = System.nanoTime();
            assertThat(poll(consumer, 1, Duration.ofSeconds(20))).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void offsetsAreFoundByTheirEndsAndByTime() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", 0, 1_000L + i * 100, "k", "v" + i))
                        .get(10, TimeUnit.SECONDS);
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            assertThat(consumer.beginningOffsets(List.of(ORDERS))).containsEntry(ORDERS, 0L);
            assertThat(consumer.endOffsets(List.of(ORDERS))).containsEntry(ORDERS, 10L);
            Map<TopicPartition, OffsetAndTimestamp> found =
                    consumer.offsetsForTimes(Map.of(ORDERS, 1_350L));
            assertThat(found.get(ORDERS).offset()).isEqualTo(4);
            assertThat(found.get(ORDERS).timestamp()).isEqualTo(1_400);
            assertThat(consumer.offsetsForTimes(Map.of(ORDERS, 5_000L)).get(ORDERS)).isNull();
        }
    }

    @Test
    void aCompactedTopicRefusesRecordsWithoutKey() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            Future<RecordMetadata> keyed =
                    producer.send(new ProducerRecord<>("compacted", "key", "value"));
            assertThat(keyed.get(10, TimeUnit.SECONDS).offset()).isZero();
            assertThatThrownBy(
                            () ->
                                    producer.send(new ProducerRecord<>("compacted", "value"))
                                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("without key");
        }
    }

    @Test
    void clientsDoNotWriteIntoInternalTopics() {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            assertThatThrownBy(
                            () ->
                                    producer.send(
                                                    new ProducerRecord<>(
                                                            "__consumer_offsets", "k", "v"))
                                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InvalidTopicException.class);
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsAnotherOne() throws Exception {
        produce(Map.of(), values(5, 10));
        try (KafkaConsumer<String, String> consumer =
                consumer(Map.of("auto.offset.reset", "earliest"))) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            assertThat(poll(consumer, 5, Duration.ofSeconds(20))).hasSize(5);

            broker.withTopic("orders", 2, Map.of());
            broker.publish();
            produce(Map.of(), List.of("fresh"));

            assertThat(poll(consumer, 1, Duration.ofSeconds(20)))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("fresh");
        }
    }

    @Test
    void connectionsEndWithTheirClients() throws Exception {
        produce(Map.of(), values(1, 1));

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> broker.connectionCount() == 0);
    }

    private void produce(Map<String, String> settings, List<String> values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String value : values) {
                sent.add(producer.send(new ProducerRecord<>("orders", 0, "key", value)));
            }
            producer.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private List<String> consume(
            TopicPartition partition, int count, Map<String, String> settings) {
        try (KafkaConsumer<String, String> consumer = consumer(settings)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return poll(consumer, count, Duration.ofSeconds(30)).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private static Collection<ConsumerRecord<String, String>> poll(
            KafkaConsumer<String, String> consumer, int count, Duration limit) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + limit.toNanos();
        while (records.size() < count && System.nanoTime() - deadline < 0) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    private KafkaProducer<String, String> producer(Map<String, String> settings) {
        Map<String, Object> all = new java.util.HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrap("PLAINTEXT"));
        all.putIfAbsent("delivery.timeout.ms", "20000");
        all.put("request.timeout.ms", "10000");
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(Map<String, String> settings) {
        Map<String, Object> all = new java.util.HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrap("PLAINTEXT"));
        all.put("enable.auto.commit", "false");
        all.putIfAbsent("metadata.max.age.ms", "500");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    private static List<String> values(int count, int size) {
        return IntStream.range(0, count).mapToObj(i -> i + "-" + "x".repeat(size)).toList();
    }
}
