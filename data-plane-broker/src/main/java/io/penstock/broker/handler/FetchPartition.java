package io.penstock.broker.handler;

import org.apache.kafka.common.Uuid;

/**
 * What a fetch asks of one partition, and in a session what it was last told.
 *
 * @param topicId {@link Uuid#ZERO_UUID} before version 13
 * @param topic null when the id names no topic (any more)
 */
record FetchPartition(
        Uuid topicId,
        String topic,
        int partition,
        long fetchOffset,
        int maxBytes,
        int currentLeaderEpoch) {

    /** Partitions of a session are known by this. */
    record Key(Uuid topicId, String topic, int partition) {}

    /** With ids the name may come to be known later; without, the id may never matter. */
    Key key() {
        return topicId.equals(Uuid.ZERO_UUID)
                ? new Key(Uuid.ZERO_UUID, topic, partition)
                : new Key(topicId, null, partition);
    }

    FetchPartition named(String name) {
        return new FetchPartition(
                topicId, name, partition, fetchOffset, maxBytes, currentLeaderEpoch);
    }
}
