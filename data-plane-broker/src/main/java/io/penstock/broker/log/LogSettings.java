package io.penstock.broker.log;

import io.penstock.broker.config.TopicConfigDefinitions;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a topic's configuration means to its logs.
 *
 * @param segmentBytes size at which a segment is rolled
 * @param segmentMillis age at which a segment is rolled
 * @param segmentJitterMillis largest random part taken off {@code segmentMillis}
 * @param maxIndexSize largest size of an index in bytes
 * @param indexIntervalBytes bytes of records between two index entries
 * @param flushMessages records after which the log is forced to disk
 * @param flushMillis time after which the log is forced to disk
 * @param retentionBytes bytes to keep, or -1 for any amount
 * @param retentionMillis time to keep records, or -1 for ever
 * @param deleteByRetention whether the cleanup policy holds {@code delete}
 * @param compact whether the cleanup policy holds {@code compact}
 * @param fileDeleteDelayMillis time between the renaming of a deleted file and its removal
 * @param maxMessageBytes largest batch
 * @param logAppendTime whether timestamps are the broker's
 * @param timestampBeforeMaxMillis how far a timestamp may lie in the past
 * @param timestampAfterMaxMillis how far a timestamp may lie in the future
 * @param compaction what the cleaner is asked for where {@code compact} is true
 * @param minInSyncReplicas least in-sync replicas for acks=all
 */
public record LogSettings(
        int segmentBytes,
        long segmentMillis,
        long segmentJitterMillis,
        int maxIndexSize,
        int indexIntervalBytes,
        long flushMessages,
        long flushMillis,
        long retentionBytes,
        long retentionMillis,
        boolean deleteByRetention,
        boolean compact,
        CompactionSettings compaction,
        long fileDeleteDelayMillis,
        int maxMessageBytes,
        boolean logAppendTime,
        long timestampBeforeMaxMillis,
        long timestampAfterMaxMillis,
        int minInSyncReplicas) {

    /** Kafka's defaults. */
    public static final LogSettings DEFAULTS = of(Map.of(), Map.of());

    /**
     * @param topicConfigs what the topic sets itself
     * @param brokerProperties the broker's properties, which give the defaults
     * @throws IllegalArgumentException naming each property, value and what is allowed
     */
    public static LogSettings of(
            Map<String, String> topicConfigs, Map<String, String> brokerProperties) {
        Map<String, String> values =
                TopicConfigDefinitions.effective(topicConfigs, brokerProperties);
        List<String> problems = TopicConfigDefinitions.problems(values);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        Set<String> policies = Set.of(values.get("cleanup.policy").split("\\s*,\\s*"));
        return new LogSettings(
                integer(values, "segment.bytes"),
                segmentMillis(values, policies.contains("compact")),
                number(values, "segment.jitter.ms"),
                integer(values, "segment.index.bytes"),
                integer(values, "index.interval.bytes"),
                number(values, "flush.messages"),
                number(values, "flush.ms"),
                number(values, "retention.bytes"),
                number(values, "retention.ms"),
                policies.contains("delete"),
                policies.contains("compact"),
                new CompactionSettings(
                        Double.parseDouble(values.get("min.cleanable.dirty.ratio")),
                        number(values, "min.compaction.lag.ms"),
                        number(values, "max.compaction.lag.ms"),
                        number(values, "delete.retention.ms")),
                number(values, "file.delete.delay.ms"),
                integer(values, "max.message.bytes"),
                values.get("message.timestamp.type").equals("LogAppendTime"),
                number(values, "message.timestamp.before.max.ms"),
                number(values, "message.timestamp.after.max.ms"),
                integer(values, "min.insync.replicas"));
    }

    /** Whether records count only once they are on disk for good: {@code flush.messages=1}. */
    public boolean durableBeforeAcknowledged() {
        return flushMessages <= 1;
    }

    /** What is still written to cannot be compacted: it must not be so for longer than that. */
    private static long segmentMillis(Map<String, String> values, boolean compact) {
        long asked = number(values, "segment.ms");
        return compact ? Math.min(asked, number(values, "max.compaction.lag.ms")) : asked;
    }

    private static int integer(Map<String, String> values, String name) {
        return Integer.parseInt(values.get(name));
    }

    private static long number(Map<String, String> values, String name) {
        return Long.parseLong(values.get(name));
    }
}
