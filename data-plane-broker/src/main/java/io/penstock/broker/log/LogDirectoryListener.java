package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;
import java.util.Set;

/** Told, on a thread that may block, when a log directory can no longer be used. */
public interface LogDirectoryListener {

    /**
     * The directory failed. Appends to its partitions are refused and reads of them fail.
     *
     * @param offline the partitions that have their only log here in it
     */
    void onOffline(Path directory, Set<TopicPartition> offline);

    /** None is left: this broker can serve nothing. */
    void onAllOffline();
}
