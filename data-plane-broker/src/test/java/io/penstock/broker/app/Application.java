package io.penstock.broker.app;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A tenant's application: topics of six partitions, unchanged producers and consumers. */
record Application(TestCluster cluster, Admin admin) {

    static final int PARTITIONS = 6;
    static final String USER = "app";

    private static final Duration LIMIT = TestCluster.LIMIT;

    static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    void createTopic(String name) throws Exception {
        var topic = new NewTopic(name, Optional.of(PARTITIONS), Optional.empty());
        get(admin.createTopics(List.of(topic)).all());
    }

    KafkaProducer<String, String> producer() {
        return producer(USER, Map.of());
    }

    KafkaProducer<String, String> producer(String user, Map<String, Object> more) {
        Map<String, Object> settings = cluster.client(user);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Returns the values, all of them acknowledged. */
    Set<String> produce(String topic, String prefix, int count) throws Exception {
        Set<String> values = new HashSet<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
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

    KafkaConsumer<String, String> consumer(String group, String protocol) {
        Map<String, Object> settings = new HashMap<>(cluster.client(USER));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Commits at once: what a member loses in a rebalance is then not consumed again. */
    static void poll(KafkaConsumer<String, String> consumer, Set<String> values) {
        consumer.poll(Duration.ofMillis(100)).forEach(found -> values.add(found.value()));
        consumer.commitSync(LIMIT);
    }

    List<ConsumerRecord<String, String>> readAll(String topic, int atLeast) {
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
