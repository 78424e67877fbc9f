package io.penstock.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * One way to describe what producers do.
 *
 * @param records of all producers together, the first tenth of which is warm-up
 * @param recordsPerSecond of all producers together, or {@link #UNLIMITED}
 * @param producers at the same time
 * @param client producer properties, by Kafka's names
 * @param topic configuration of the topic, by Kafka's names
 */
public record Load(
        int partitions,
        int records,
        int recordBytes,
        int recordsPerSecond,
        int producers,
        Map<String, String> client,
        Map<String, String> topic) {

    public static final int UNLIMITED = -1;

    /** 1 KB records with acks=all, as fast as they go. */
    public static Load plain() {
        return new Load(
                6,
                450_000,
                1024,
                UNLIMITED,
                1,
                Map.of("acks", "all", "linger.ms", "5", "batch.size", "65536"),
                Map.of());
    }

    public Load records(int count) {
        return new Load(partitions, count, recordBytes, recordsPerSecond, producers, client, topic);
    }

    public Load partitions(int count) {
        return new Load(count, records, recordBytes, recordsPerSecond, producers, client, topic);
    }

    public Load perSecond(int rate) {
        return new Load(partitions, records, recordBytes, rate, producers, client, topic);
    }

    public Load producers(int count) {
        return new Load(partitions, records, recordBytes, recordsPerSecond, count, client, topic);
    }

    public Load client(String property, String value) {
        return new Load(
                partitions,
                records,
                recordBytes,
                recordsPerSecond,
                producers,
                with(client, property, value),
                topic);
    }

    public Load topic(String property, String value) {
        return new Load(
                partitions,
                records,
                recordBytes,
                recordsPerSecond,
                producers,
                client,
                with(topic, property, value));
    }

    private static Map<String, String> with(
            Map<String, String> properties, String name, String value) {
        Map<String, String> changed = new TreeMap<>(properties);
        changed.put(name, value);
        return Map.copyOf(changed);
    }

    public double gigabytes() {
        return (double) records * recordBytes / 1e9;
    }
}
