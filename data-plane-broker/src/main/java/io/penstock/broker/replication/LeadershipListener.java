package io.penstock.broker.replication;

import org.apache.kafka.common.TopicPartition;

import java.util.OptionalInt;

/**
 * Told of this broker's tenures as leader, in order, on one thread, after the role changed. Each
 * tenure ends with {@link #onResigned} before the next begins, also if this broker leads again.
 */
public interface LeadershipListener {

    void onElected(TopicPartition partition, int leaderEpoch);

    /**
     * @param newEpoch the epoch that ended the tenure; empty if the partition left this broker
     */
    void onResigned(TopicPartition partition, OptionalInt newEpoch);
}
