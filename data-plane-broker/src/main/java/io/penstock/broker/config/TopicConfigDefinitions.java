package io.penstock.broker.config;

import io.penstock.broker.config.TopicConfigDefinition.BrokerSynonym;

import org.apache.kafka.common.config.ConfigDef.Type;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All configurations of a topic that Kafka 4.x knows, with Kafka's names, types and defaults. */
public final class TopicConfigDefinitions {

    private static final long MINUTE_MS = 60_000L;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long NO_MOST = Long.MAX_VALUE;
    private static final String FOREVER = Long.toString(Long.MAX_VALUE);

    private static final Map<String, TopicConfigDefinition> DEFINITIONS = definitions();

    private TopicConfigDefinitions() {}

    /** All definitions, in a stable order. */
    public static Collection<TopicConfigDefinition> all() {
        return DEFINITIONS.values();
    }

    public static Optional<TopicConfigDefinition> find(String name) {
        return Optional.ofNullable(DEFINITIONS.get(name));
    }

    /** What is wrong with a topic's own configuration, one sentence each; empty if nothing is. */
    public static List<String> problems(Map<String, String> topicConfigs) {
        List<String> problems = new ArrayList<>();
        topicConfigs.forEach(
                (name, value) -> {
                    TopicConfigDefinition definition = DEFINITIONS.get(name);
                    if (definition == null) {
                        problems.add("Unknown topic config name: " + name);
                    } else {
                        definition.problem(value).ifPresent(problems::add);
                    }
                });
        if (problems.isEmpty()) {
            relationProblem(topicConfigs).ifPresent(problems::add);
        }
        return problems;
    }

    /** The values in force: the topic's own over the broker's defaults over Kafka's. */
    public static Map<String, String> effective(
            Map<String, String> topicConfigs, Map<String, String> brokerProperties) {
        Map<String, String> effective = new LinkedHashMap<>();
        for (TopicConfigDefinition definition : all()) {
            String own = topicConfigs.get(definition.name());
            effective.put(
                    definition.name(),
                    own != null ? own.trim() : definition.defaultOn(brokerProperties));
        }
        return effective;
    }

    private static Optional<String> relationProblem(Map<String, String> topicConfigs) {
        Map<String, String> effective = effective(topicConfigs, Map.of());
        long least = Long.parseLong(effective.get("min.compaction.lag.ms"));
        long most = Long.parseLong(effective.get("max.compaction.lag.ms"));
        return least > most
                ? Optional.of(
                        "min.compaction.lag.ms=%d must not exceed max.compaction.lag.ms=%d"
                                .formatted(least, most))
                : Optional.empty();
    }

    private static Map<String, TopicConfigDefinition> definitions() {
        Map<String, TopicConfigDefinition> all = new LinkedHashMap<>();
        for (TopicConfigDefinition definition : segments()) {
            all.put(definition.name(), definition);
        }
        for (TopicConfigDefinition definition : retentionAndCompaction()) {
            all.put(definition.name(), definition);
        }
        for (TopicConfigDefinition definition : messages()) {
            all.put(definition.name(), definition);
        }
        for (TopicConfigDefinition definition : replication()) {
            all.put(definition.name(), definition);
        }
        for (TopicConfigDefinition definition : tiering()) {
            all.put(definition.name(), definition);
        }
        return Collections.unmodifiableMap(all);
    }

    private static List<TopicConfigDefinition> segments() {
        return List.of(
                integer("segment.bytes", "1073741824", 1 << 20, "log.segment.bytes")
                        .doc("Size in bytes at which a segment is closed and a new one begun."),
                duration("segment.ms", "604800000", 1, "log.roll.ms", "log.roll.hours")
                        .doc("Age in milliseconds at which a segment is closed even if not full."),
                duration("segment.jitter.ms", "0", 0, "log.roll.jitter.ms", "log.roll.jitter.hours")
                        .doc(
                                "Largest random part of segment.ms, in milliseconds, so that"
                                        + " segments of many partitions do not roll together."),
                integer("segment.index.bytes", "10485760", 4, "log.index.size.max.bytes")
                        .doc("Largest size in bytes of a segment's offset index."),
                integer("index.interval.bytes", "4096", 0, "log.index.interval.bytes")
                        .doc("Bytes of records between two entries of the offset index."),
                number("flush.messages", FOREVER, 1, "log.flush.interval.messages")
                        .doc("Number of records after which the log is forced to disk."),
                duration("flush.ms", FOREVER, 0, "log.flush.interval.ms")
                        .doc("Milliseconds after which the log is forced to disk."),
                duration("file.delete.delay.ms", "60000", 0, "log.segment.delete.delay.ms")
                        .doc("Milliseconds between renaming a deleted file and removing it."),
                flag("preallocate", "false", "log.preallocate")
                        .doc("Whether a new segment's file is allocated at full size."));
    }

    private static List<TopicConfigDefinition> retentionAndCompaction() {
        return List.of(
                number("retention.bytes", "-1", -1, "log.retention.bytes")
                        .doc("Bytes of one partition to keep; -1 keeps any amount."),
                new Unfinished(
                                "retention.ms",
                                Type.LONG,
                                "604800000",
                                List.of(
                                        new BrokerSynonym("log.retention.ms", 1),
                                        new BrokerSynonym("log.retention.minutes", MINUTE_MS),
                                        new BrokerSynonym("log.retention.hours", HOUR_MS)),
                                new ConfigConstraint.WholeNumber(-1, NO_MOST, Set.of()))
                        .doc("Milliseconds to keep records; -1 keeps them for ever."),
                new Unfinished(
                                "cleanup.policy",
                                Type.LIST,
                                "delete",
                                List.of(new BrokerSynonym("log.cleanup.policy", 1)),
                                new ConfigConstraint.SomeOf(List.of("compact", "delete")))
                        .doc(
                                "What happens to old records: delete drops whole segments,"
                                        + " compact keeps the last value of each key."),
                duration("delete.retention.ms", "86400000", 0, "log.cleaner.delete.retention.ms")
                        .doc("Milliseconds that a compacted topic keeps a tombstone readable."),
                duration("min.compaction.lag.ms", "0", 0, "log.cleaner.min.compaction.lag.ms")
                        .doc("Least age in milliseconds of a record that compaction removes."),
                duration("max.compaction.lag.ms", FOREVER, 1, "log.cleaner.max.compaction.lag.ms")
                        .doc("Largest age in milliseconds of a record not yet compacted."),
                new Unfinished(
                                "min.cleanable.dirty.ratio",
                                Type.DOUBLE,
                                "0.5",
                                List.of(new BrokerSynonym("log.cleaner.min.cleanable.ratio", 1)),
                                new ConfigConstraint.DecimalNumber(0, 1))
                        .doc("Share of uncompacted bytes from which on a log is compacted."));
    }

    private static List<TopicConfigDefinition> messages() {
        return List.of(
                integer("max.message.bytes", "1048588", 0, "message.max.bytes")
                        .doc("Largest size in bytes of one batch of records, after compression."),
                new Unfinished(
                                "max.decompressed.message.bytes",
                                Type.INT,
                                "2147483639",
                                List.of(new BrokerSynonym("max.decompressed.message.bytes", 1)),
                                new ConfigConstraint.WholeNumber(1, 2147483639, Set.of()))
                        .doc("Largest size in bytes of one record after decompression."),
                oneOf(
                                "message.timestamp.type",
                                "CreateTime",
                                "log.message.timestamp.type",
                                "CreateTime",
                                "LogAppendTime")
                        .doc(
                                "Whether a record's timestamp is the producer's or the time of the"
                                        + " append."),
                duration(
                                "message.timestamp.before.max.ms",
                                FOREVER,
                                0,
                                "log.message.timestamp.before.max.ms")
                        .doc("How many milliseconds a timestamp may lie in the broker's past."),
                duration(
                                "message.timestamp.after.max.ms",
                                "3600000",
                                0,
                                "log.message.timestamp.after.max.ms")
                        .doc("How many milliseconds a timestamp may lie in the broker's future."),
                oneOf(
                                "compression.type",
                                "producer",
                                "compression.type",
                                "uncompressed",
                                "zstd",
                                "lz4",
                                "snappy",
                                "gzip",
                                "producer")
                        .doc("Compression on disk; producer keeps what the producer chose."),
                new Unfinished(
                                "compression.gzip.level",
                                Type.INT,
                                "-1",
                                List.of(new BrokerSynonym("compression.gzip.level", 1)),
                                new ConfigConstraint.WholeNumber(1, 9, Set.of(-1L)))
                        .doc("Level used when the topic's compression type is gzip."),
                new Unfinished(
                                "compression.lz4.level",
                                Type.INT,
                                "9",
                                List.of(new BrokerSynonym("compression.lz4.level", 1)),
                                new ConfigConstraint.WholeNumber(1, 17, Set.of()))
                        .doc("Level used when the topic's compression type is lz4."),
                new Unfinished(
                                "compression.zstd.level",
                                Type.INT,
                                "3",
                                List.of(new BrokerSynonym("compression.zstd.level", 1)),
                                new ConfigConstraint.WholeNumber(-131072, 22, Set.of()))
                        .doc("Level used when the topic's compression type is zstd."),
                flag("errors.deadletterqueue.group.enable", "false")
                        .doc("Whether share groups may use the topic as a dead letter queue."));
    }

    private static List<TopicConfigDefinition> replication() {
        return List.of(
                integer("min.insync.replicas", "1", 1, "min.insync.replicas")
                        .doc("Least number of in-sync replicas for a produce with acks=all."),
                flag("unclean.leader.election.enable", "false", "unclean.leader.election.enable")
                        .doc(
                                "Whether a replica that may lack committed records may lead when no"
                                        + " other is left."),
                throttle("leader.replication.throttled.replicas")
                        .doc("Replicas whose outgoing replication is throttled."),
                throttle("follower.replication.throttled.replicas")
                        .doc("Replicas whose incoming replication is throttled."));
    }

    private static List<TopicConfigDefinition> tiering() {
        return List.of(
                flag("remote.storage.enable", "false")
                        .doc("Whether closed segments are kept in remote storage."),
                number("local.retention.ms", "-2", -2, "log.local.retention.ms")
                        .doc("Milliseconds to keep tiered segments here; -2 is retention.ms."),
                number("local.retention.bytes", "-2", -2, "log.local.retention.bytes")
                        .doc("Bytes of tiered segments to keep here; -2 is retention.bytes."),
                flag("remote.log.copy.disable", "false")
                        .doc("Whether segments are no longer copied to remote storage."),
                number("remote.copy.lag.ms", "0", -1, "log.remote.copy.lag.ms")
                        .doc("Least age in milliseconds of a segment copied to remote storage."),
                number("remote.copy.lag.bytes", "-1", -1, "log.remote.copy.lag.bytes")
                        .doc("Least bytes behind the log end of a segment copied remotely."),
                flag("remote.log.delete.on.disable", "false")
                        .doc("Whether disabling remote storage deletes what is there."));
    }

    /** A definition that lacks its documentation. */
    private record Unfinished(
            String name,
            Type type,
            String defaultValue,
            List<BrokerSynonym> synonyms,
            ConfigConstraint constraint) {
        TopicConfigDefinition doc(String documentation) {
            return new TopicConfigDefinition(
                    name, type, defaultValue, synonyms, documentation, constraint);
        }
    }

    private static Unfinished integer(
            String name, String defaultValue, long least, String synonym) {
        return new Unfinished(
                name,
                Type.INT,
                defaultValue,
                List.of(new BrokerSynonym(synonym, 1)),
                new ConfigConstraint.WholeNumber(least, Integer.MAX_VALUE, Set.of()));
    }

    private static Unfinished number(String name, String defaultValue, long least, String synonym) {
        return new Unfinished(
                name,
                Type.LONG,
                defaultValue,
                List.of(new BrokerSynonym(synonym, 1)),
                new ConfigConstraint.WholeNumber(least, NO_MOST, Set.of()));
    }

    private static Unfinished duration(
            String name, String defaultValue, long least, String synonym) {
        return number(name, defaultValue, least, synonym);
    }

    private static Unfinished duration(
            String name, String defaultValue, long least, String millis, String hours) {
        return new Unfinished(
                name,
                Type.LONG,
                defaultValue,
                List.of(new BrokerSynonym(millis, 1), new BrokerSynonym(hours, HOUR_MS)),
                new ConfigConstraint.WholeNumber(least, NO_MOST, Set.of()));
    }

    private static Unfinished flag(String name, String defaultValue, String... synonyms) {
        return new Unfinished(
                name,
                Type.BOOLEAN,
                defaultValue,
                List.of(synonyms).stream().map(s -> new BrokerSynonym(s, 1)).toList(),
                new ConfigConstraint.TrueOrFalse());
    }

    private static Unfinished oneOf(
            String name, String defaultValue, String synonym, String... values) {
        return new Unfinished(
                name,
                Type.STRING,
                defaultValue,
                List.of(new BrokerSynonym(synonym, 1)),
                new ConfigConstraint.OneOf(List.of(values)));
    }

    private static Unfinished throttle(String name) {
        return new Unfinished(
                name, Type.LIST, "", List.of(), new ConfigConstraint.ThrottledReplicas());
    }
}
