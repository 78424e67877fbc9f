package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;

/** Told when the disk did not do what a log asked of it. */
interface StorageFailures {

    /**
     * @param directory the log's folder
     */
    void onFailure(TopicPartition topicPartition, Path directory, Exception failure);

    /**
     * A force failed, for whatever reason: what it should have written may be gone from the page
     * cache, and the kernel would let the next force pass for a success.
     *
     * @param directory the log's folder
     */
    default void onForceFailure(TopicPartition topicPartition, Path directory, Exception failure) {
        onFailure(topicPartition, directory, failure);
    }
}
