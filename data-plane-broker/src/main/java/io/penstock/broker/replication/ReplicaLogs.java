package io.penstock.broker.replication;

import io.penstock.broker.log.LogSettings;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** All logs of a broker, as its partitions need them. */
public interface ReplicaLogs {

    Optional<ReplicaLog> find(TopicPartition partition);

    Collection<? extends ReplicaLog> all();

    /** Makes an empty log, or answers the one that exists. */
    ReplicaLog create(TopicPartition partition, Uuid topicId, LogSettings settings)
            throws IOException;

    /** Deletes the log for good. */
    void delete(TopicPartition partition) throws IOException;

    /** Closes the log and keeps its files for the operator. */
    void setAside(TopicPartition partition) throws IOException;

    /** The high watermark that was last written down, or 0. */
    long checkpointedHighWatermark(TopicPartition partition);

    /** Begins retention, flushing and checkpoints in the background. */
    void startMaintenance(ToLongFunction<TopicPartition> highWatermark);

    /**
     * Closes every log and leaves the marker of a clean stop.
     *
     * @param brokerEpoch epoch of the registration that ends, or -1
     */
    void close(long brokerEpoch, ToLongFunction<TopicPartition> highWatermark) throws IOException;
}
