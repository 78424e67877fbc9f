package io.penstock.broker.replication;

import io.penstock.broker.config.PropertyValues;

import java.time.Duration;

/**
 * How replicas follow and are judged, with Kafka's property names.
 *
 * @param lagLimit replica.lag.time.max.ms: a follower that was behind for longer leaves the in-sync
 *     replicas
 * @param fetchWait replica.fetch.wait.max.ms: longest time for which a leader keeps a fetch that
 *     has no news
 * @param fetchMinBytes replica.fetch.min.bytes
 * @param fetchMaxBytes replica.fetch.max.bytes, per partition
 * @param responseMaxBytes replica.fetch.response.max.bytes
 * @param longestBackoff replica.fetch.backoff.ms: where the pause after failures ends to grow
 * @param answerLimit replica.socket.timeout.ms: silence after which a connection is given up
 * @param fetchersPerLeader num.replica.fetchers
 */
public record ReplicationSettings(
        Duration lagLimit,
        Duration fetchWait,
        int fetchMinBytes,
        int fetchMaxBytes,
        int responseMaxBytes,
        Duration longestBackoff,
        Duration answerLimit,
        int fetchersPerLeader) {

    /** Kafka's defaults. */
    public static final ReplicationSettings DEFAULTS =
            new ReplicationSettings(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(500),
                    1,
                    1 << 20,
                    10 << 20,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    1);

    /** A pause before the first repetition; it doubles up to the longest. */
    static final Duration FIRST_BACKOFF = Duration.ofMillis(20);

    public static ReplicationSettings from(PropertyValues values) {
        return new ReplicationSettings(
                Duration.ofMillis(values.longInteger("replica.lag.time.max.ms")),
                Duration.ofMillis(values.integer("replica.fetch.wait.max.ms")),
                values.integer("replica.fetch.min.bytes"),
                values.integer("replica.fetch.max.bytes"),
                values.integer("replica.fetch.response.max.bytes"),
                Duration.ofMillis(values.integer("replica.fetch.backoff.ms")),
                Duration.ofMillis(values.integer("replica.socket.timeout.ms")),
                values.integer("num.replica.fetchers"));
    }

    /** A follower that has not asked for so long has fallen silent: it would have asked twice. */
    Duration silence() {
        return fetchWait.multipliedBy(2).plusMillis(500);
    }
}
