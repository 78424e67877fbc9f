package io.penstock.broker.log;

import io.penstock.broker.protocol.record.Decompression;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.nio.file.Path;

/**
 * What a log needs to open.
 *
 * @param directory its folder; if it is not there, the log is new
 * @param cleanlyClosed whether everything on disk was complete when the last process ended
 * @param recoveryPoint offset up to which the log was forced to disk
 * @param logStartOffset first offset that may be read
 * @param cleanedOffset where the last compaction ended, or -1
 * @param producerExpirationMillis silence after which an idempotent producer is forgotten
 */
record LogParameters(
        Path directory,
        TopicPartition topicPartition,
        Uuid topicId,
        LogSettings settings,
        boolean cleanlyClosed,
        long recoveryPoint,
        long logStartOffset,
        long cleanedOffset,
        long producerExpirationMillis,
        Clock clock,
        BackgroundWork background,
        StorageFailures failures,
        RecoveryProgress progress,
        Decompression decompression) {}
