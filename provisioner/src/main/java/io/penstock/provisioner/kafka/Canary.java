package io.penstock.provisioner.kafka;

import static io.penstock.provisioner.kafka.Answers.await;
import static io.penstock.provisioner.kafka.Answers.awaitUnless;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one record through each partition of a topic that is kept for this, and reads it back. */
final class Canary {
    static final String TOPIC = "__penstock_canary";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final ClusterEndpoint endpoint;
    private final Admin admin;

    Canary(ClusterEndpoint endpoint, Admin admin) {
        this.endpoint = endpoint;
        this.admin = admin;
    }

    CanaryReport run(int brokers, Duration limit) throws InterruptedException {
        long started = System.nanoTime();
        long deadline = started + limit.toNanos();
        createTopic(brokers);
        int partitions = partitionCount(deadline);
        String mark = UUID.randomUUID().toString();
        try {
            Map<TopicPartition, Long> offsets = produce(partitions, mark, limit, deadline);
            readBack(offsets, mark, deadline);
            return new CanaryReport(offsets.size(), Duration.ofNanos(System.nanoTime() - started));
        } catch (KafkaException e) {
            throw new ClusterUnavailableException(
                    "the canary did not come back: " + e.getMessage(), e);
        }
    }

    private void createTopic(int brokers) throws InterruptedException {
        NewTopic topic =
                new NewTopic(TOPIC, Optional.of(brokers), Optional.empty())
                        .configs(Map.of("retention.ms", "3600000"));
        try {
            await(
                    admin.createTopics(List.of(topic)).all(),
                    ClusterAdmin.CALL_LIMIT,
                    "creating the canary's topic");
        } catch (ClusterUnavailableException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** The answering broker may learn of the topic a moment after the one that made it. */
    private int partitionCount(long deadline) throws InterruptedException {
        Duration pause = POLL;
        while (true) {
            Optional<TopicDescription> description =
                    awaitUnless(
                            UnknownTopicOrPartitionException.class,
                            admin.describeTopics(List.of(TOPIC)).topicNameValues().get(TOPIC),
                            ClusterAdmin.CALL_LIMIT,
                            "describing the canary's topic");
            if (description.isPresent()) {
                return description.get().partitions().size();
            }
            if (System.nanoTime() + pause.toNanos() > deadline) {
                throw new ClusterUnavailableException("the canary's topic does not become visible");
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private Map<TopicPartition, Long> produce(
            int partitions, String mark, Duration limit, long deadline)
            throws InterruptedException {
        Producer<String, String> producer = producer(limit);
        try {
            return produce(producer, partitions, mark, deadline);
        } finally {
            producer.close(CLOSE_LIMIT);
        }
    }

    private static Map<TopicPartition, Long> produce(
            Producer<String, String> producer, int partitions, String mark, long deadline)
            throws InterruptedException {
        Map<TopicPartition, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            sent.put(
                    new TopicPartition(TOPIC, partition),
                    producer.send(new ProducerRecord<>(TOPIC, partition, mark, mark)));
        }
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        for (var entry : sent.entrySet()) {
            try {
                RecordMetadata written =
                        entry.getValue().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                offsets.put(entry.getKey(), written.offset());
            } catch (ExecutionException e) {
                throw new ClusterUnavailableException(
                        "the canary was not taken by "
                                + entry.getKey()
                                + ": "
                                + e.getCause().getMessage(),
                        e.getCause());
            } catch (TimeoutException e) {
                throw new ClusterUnavailableException(
                        "the canary was not acknowledged in time by " + entry.getKey(), e);
            }
        }
        return offsets;
    }

    private void readBack(Map<TopicPartition, Long> offsets, String mark, long deadline) {
        Set<TopicPartition> awaited = new HashSet<>(offsets.keySet());
        Consumer<String, String> consumer = consumer();
        try {
            consumer.assign(offsets.keySet());
            offsets.forEach(consumer::seek);
            while (!awaited.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new ClusterUnavailableException(
                            "the canary was not read back in time from " + awaited);
                }
                for (ConsumerRecord<String, String> read : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(read.topic(), read.partition());
                    if (mark.equals(read.value()) && offsets.get(partition) == read.offset()) {
                        awaited.remove(partition);
                    }
                }
            }
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        }
    }

    private Producer<String, String> producer(Duration limit) {
        Map<String, Object> settings = endpoint.clientSettings("penstock-canary");
        int limitMs = Math.toIntExact(limit.toMillis());
        settings.put("acks", "all");
        settings.put("linger.ms", 0);
        settings.put("request.timeout.ms", Math.min(5_000, limitMs));
        settings.put("delivery.timeout.ms", limitMs);
        settings.put("max.block.ms", limitMs);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private Consumer<String, String> consumer() {
        Map<String, Object> settings = endpoint.clientSettings("penstock-canary");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("default.api.timeout.ms", 5_000);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
