package io.penstock.benchmarks.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.benchmarks.load.ClientArguments;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What our own load generators share. */
final class Clients {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Clients() {}

    static KafkaProducer<byte[], byte[]> producer(
            ClientArguments arguments, Map<String, String> extra) throws IOException {
        Properties properties = properties(arguments);
        properties.put("acks", "all");
        properties.putAll(extra);
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(
            ClientArguments arguments, Map<String, String> extra) throws IOException {
        Properties properties = properties(arguments);
        properties.putAll(extra);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Properties properties(ClientArguments arguments) throws IOException {
        Properties properties = new Properties();
        try (InputStream file =
                Files.newInputStream(Path.of(arguments.text(ClientArguments.CLIENT_FILE)))) {
            properties.load(file);
        }
        properties.put("bootstrap.servers", arguments.text(ClientArguments.SERVERS));
        return properties;
    }

    /** Letters, as Kafka's own tool sends them; the same in every run. */
    static byte[] payload(int bytes) {
        Random random = new Random(1);
        byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) ('A' + random.nextInt(26));
        }
        return payload;
    }

    /** Waits for the moment at which the record was meant to be sent. */
    static void awaitDue(long dueNanos) {
        long now = System.nanoTime();
        while (now < dueNanos) {
            LockSupport.parkNanos(dueNanos - now);
            now = System.nanoTime();
        }
    }

    static void print(Map<String, ?> result) {
        try {
            System.out.println(JSON.writeValueAsString(result));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
