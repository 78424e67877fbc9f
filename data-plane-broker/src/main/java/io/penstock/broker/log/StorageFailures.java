package io.penstock.broker.log;

import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;

/** Told when the disk did not do what a log asked of it. */
interface StorageFailures {

    /**
     * @param directory the log's folder
     */
    void onFailure(TopicPartition topicPartition, Path directory, Exception failure);
}
