package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.Stored;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reads a topic from the beginning to where it ends now. */
final class WholeLog {
    private static final Duration POLL = Duration.ofMillis(200);

    private WholeLog() {}

    static Map<Integer, List<Stored>> read(String bootstrapServers, String topic, int partitions) {
        var settings = new HashMap<String, Object>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        var all =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        var log = new HashMap<Integer, List<Stored>>();
        all.forEach(partition -> log.put(partition.partition(), new ArrayList<>()));
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(all);
            var ends = consumer.endOffsets(all, Limits.CATCH_UP);
            consumer.seekToBeginning(all);
            var deadline = System.nanoTime() + Limits.CATCH_UP.toNanos();
            while (!isAtEnd(consumer, ends)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("The log could not be read to its end: " + ends);
                }
                for (var found : consumer.poll(POLL)) {
                    log.get(found.partition())
                            .add(
                                    new Stored(
                                            found.offset(),
                                            found.leaderEpoch().orElse(-1),
                                            found.value()));
                }
            }
        }
        return log;
    }

    /** The offset after the last record of each partition. */
    static Map<Integer, Long> ends(Map<Integer, List<Stored>> log) {
        var ends = new HashMap<Integer, Long>();
        log.forEach(
                (partition, records) ->
                        ends.put(
                                partition,
                                records.isEmpty() ? 0L : records.getLast().offset() + 1));
        return ends;
    }

    private static boolean isAtEnd(
            KafkaConsumer<String, String> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(
                        end -> consumer.position(end.getKey(), Limits.CATCH_UP) >= end.getValue());
    }
}
