package io.penstock.broker.replication;

import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.PartitionLog;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The logs in a broker's directories. */
public record DiskLogs(LogDirectories directories) implements ReplicaLogs {

    @Override
    public Optional<ReplicaLog> find(TopicPartition partition) {
        return directories.find(partition).map(DiskLog::new);
    }

    @Override
    public Collection<DiskLog> all() {
        return directories.all().stream().map(DiskLog::new).toList();
    }

    @Override
    public ReplicaLog create(TopicPartition partition, Uuid topicId, LogSettings settings)
            throws IOException {
        PartitionLog log = directories.create(partition, topicId, settings);
        return new DiskLog(log);
    }

    @Override
    public void delete(TopicPartition partition) throws IOException {
        directories.delete(partition);
    }

    @Override
    public void setAside(TopicPartition partition) throws IOException {
        directories.setAside(partition);
    }

    @Override
    public long checkpointedHighWatermark(TopicPartition partition) {
        return directories.checkpointedHighWatermark(partition);
    }

    @Override
    public void startMaintenance(ToLongFunction<TopicPartition> highWatermark) {
        directories.startMaintenance(highWatermark);
    }

    @Override
    public void close(long brokerEpoch, ToLongFunction<TopicPartition> highWatermark)
            throws IOException {
        directories.close(brokerEpoch, highWatermark);
    }
}
