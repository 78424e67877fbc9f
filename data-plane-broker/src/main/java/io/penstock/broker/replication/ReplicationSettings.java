package io.penstock.broker.replication;

import io.penstock.broker.config.PropertyValues;

import java.time.Duration;

/**
 * How replicas follow and are judged, with Kafka's property names.
 *
 * @param lagLimit replica.lag.time.max.ms: a follower that was behind for longer leaves the in-sync
 *     replicas
 * @param silenceLimit time without any fetch after which a follower leaves the in-sync replicas,
 *     however far it is: zookeeper.session.timeout.ms, and once the wait of a fetch
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
        Duration silenceLimit,
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
                    Duration.ofMillis(6_500),
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
        Duration session = Duration.ofMillis(values.integer("zookeeper.session.timeout.ms"));
        Duration fetchWait = Duration.ofMillis(values.integer("replica.fetch.wait.max.ms"));
        return new ReplicationSettings(
                Duration.ofMillis(values.longInteger("replica.lag.time.max.ms")),
                session.plus(fetchWait),
                fetchWait,
                values.integer("replica.fetch.min.bytes"),
                values.integer("replica.fetch.max.bytes"),
                values.integer("replica.fetch.response.max.bytes"),
                Duration.ofMillis(values.integer("replica.fetch.backoff.ms")),
                Duration.ofMillis(values.integer("replica.socket.timeout.ms")),
                values.integer("num.replica.fetchers"));
    }

    /**
     * A follower that has not asked for so long may follow another leader by now: it would have
     * asked twice. No reason yet to take it out of the in-sync replicas.
     */
    Duration silence() {
        return fetchWait.multipliedBy(2).plusMillis(500);
    }

    /** Time between two looks for followers that lag or are silent. */
    Duration lookInterval() {
        Duration forSilence = silenceLimit.dividedBy(8);
        Duration forLag = lagLimit.dividedBy(2);
        return forSilence.compareTo(forLag) < 0 ? forSilence : forLag;
    }
}
