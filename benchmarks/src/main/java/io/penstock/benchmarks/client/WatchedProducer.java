package io.penstock.benchmarks.client;

import io.penstock.benchmarks.load.ClientArguments;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * A steady acks=all load with default clients, during which the race breaks something: the longest
 * time without an acknowledgement per partition, and whether every acknowledged record can be read
 * back. Says {@code steady} and the leader of partition 0 when the fault may come.
 */
public final class WatchedProducer {

    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final Duration READ_LIMIT = Duration.ofSeconds(120);

    private final ClientArguments arguments;
    private final String topic;
    private final int partitions;
    private final int rate;
    private final int total;
    private final boolean[] ledByFirst;
    private final long[] lastAcknowledged;
    private final long[] longestGap;
    private final AtomicIntegerArray acknowledged;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private long start;

    private WatchedProducer(ClientArguments arguments, List<Integer> leaders) {
        this.arguments = arguments;
        topic = arguments.text(ClientArguments.TOPIC);
        partitions = leaders.size();
        rate = arguments.number("rate");
        total = rate * arguments.number("seconds");
        ledByFirst = new boolean[partitions];
        for (int i = 0; i < partitions; i++) {
            ledByFirst[i] = leaders.get(i).equals(leaders.getFirst());
        }
        lastAcknowledged = new long[partitions];
        longestGap = new long[partitions];
        acknowledged = new AtomicIntegerArray(total);
    }

    public static void main(String[] values) throws Exception {
        ClientArguments arguments = ClientArguments.parse(values);
        List<Integer> leaders = leaders(arguments);
        WatchedProducer producer = new WatchedProducer(arguments, leaders);
        producer.produce(leaders.getFirst());
        Clients.print(producer.result());
    }

    private static List<Integer> leaders(ClientArguments arguments) throws Exception {
        String topic = arguments.text(ClientArguments.TOPIC);
        Properties properties = Clients.properties(arguments);
        try (Admin admin = Admin.create(properties)) {
            return admin
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(60, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .stream()
                    .map(partition -> partition.leader().id())
                    .toList();
        }
    }

    private void produce(int leader) throws Exception {
        byte[] payload = Clients.payload(arguments.number("bytes"));
        boolean announced = false;
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(
                        arguments, Map.of("linger.ms", "0", "buffer.memory", "" + (256 << 20)))) {
            producer.partitionsFor(topic);
            start = System.nanoTime();
            for (int i = 0; i < total; i++) {
                Clients.awaitDue(start + (long) (i * 1e9 / rate));
                if (!announced && System.nanoTime() - start > SETTLING_NANOS) {
                    announced = true;
                    System.out.println("steady " + leader);
                }
                send(producer, i, payload);
            }
            long ended = System.nanoTime();
            producer.flush();
            countUnendedGaps(ended);
        }
    }

    /** A partition that never came back has waited until the load's end. */
    private void countUnendedGaps(long ended) {
        for (int i = 0; i < partitions; i++) {
            longestGap[i] = Math.max(longestGap[i], ended - Math.max(start, lastAcknowledged[i]));
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int sequence, byte[] payload) {
        int partition = sequence % partitions;
        byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(sequence).array();
        try {
            producer.send(
                    new ProducerRecord<>(topic, partition, key, payload),
                    (metadata, failure) -> completed(partition, sequence, failure));
        } catch (KafkaException e) {
            failed(e);
        }
    }

    /** Called by the producer's one sender thread; read by the main thread after a flush. */
    private void completed(int partition, int sequence, Exception failure) {
        if (failure != null) {
            failed(failure);
            return;
        }
        long now = System.nanoTime();
        if (now - start > SETTLING_NANOS && lastAcknowledged[partition] != 0) {
            longestGap[partition] =
                    Math.max(longestGap[partition], now - lastAcknowledged[partition]);
        }
        lastAcknowledged[partition] = now;
        acknowledged.set(sequence, 1);
    }

    private void failed(Exception failure) {
        failures.merge(failure.getClass().getSimpleName(), 1, Integer::sum);
    }

    private Map<String, Object> result() throws Exception {
        BitSet seen = new BitSet(total);
        int duplicates = readBack(seen);
        long lost =
                IntStream.range(0, total)
                        .filter(i -> acknowledged.get(i) == 1 && !seen.get(i))
                        .count();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("longest_gap_ms", longestGap(true));
        result.put("other_partitions_gap_ms", longestGap(false));
        result.put(
                "acknowledged",
                IntStream.range(0, total).filter(i -> acknowledged.get(i) == 1).count());
        result.put("lost", lost);
        result.put("duplicates", duplicates);
        result.put("failed", failures.values().stream().mapToInt(Integer::intValue).sum());
        result.put("failures", failures);
        return result;
    }

    private double longestGap(boolean led) {
        return IntStream.range(0, partitions)
                        .filter(i -> ledByFirst[i] == led)
                        .mapToLong(i -> longestGap[i])
                        .max()
                        .orElse(0)
                / 1e6;
    }

    /** The number of records that were there twice. */
    private int readBack(BitSet seen) throws Exception {
        int duplicates = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(arguments, Map.of("enable.auto.commit", "false"))) {
            List<TopicPartition> all =
                    IntStream.range(0, partitions)
                            .mapToObj(i -> new TopicPartition(topic, i))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + READ_LIMIT.toNanos();
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("What was sent cannot be read back");
                }
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(500))) {
                    int sequence = ByteBuffer.wrap(read.key()).getInt();
                    if (seen.get(sequence)) {
                        duplicates++;
                    }
                    seen.set(sequence);
                }
            }
        }
        return duplicates;
    }
}
