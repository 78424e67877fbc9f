package io.penstock.broker.group;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.HighWatermarkListener;
import io.penstock.broker.replication.Partitions;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The coordinator's pen: appends to the partitions of the offsets topic that this broker leads. The
 * runtime calls {@link #append} for one partition at a time, reuses the buffer as soon as it
 * returns, and counts on the answer being exactly the offset after the last record.
 */
final class OffsetsLogWriter implements PartitionWriter {

    /** As a produce with acks=all: too few in-sync replicas refuse the append. */
    private static final short ALL_IN_SYNC_REPLICAS = -1;

    private record Registration(Partition partition, HighWatermarkListener listener) {}

    private final Partitions partitions;
    private final LogConfig logConfig;
    private final Map<Listener, Registration> registrations = new ConcurrentHashMap<>();

    /**
     * @param maxMessageBytes largest batch that the offsets topic takes
     */
    OffsetsLogWriter(Partitions partitions, int maxMessageBytes) {
        this.partitions = partitions;
        this.logConfig = new LogConfig(Map.of("max.message.bytes", maxMessageBytes));
    }

    @Override
    public void registerListener(TopicPartition topicPartition, Listener listener) {
        // A partition that is gone from here is about to be resigned: there is nothing to hear.
        partitions
                .find(topicPartition)
                .ifPresent(
                        partition -> {
                            HighWatermarkListener adapter =
                                    highWatermark ->
                                            listener.onHighWatermarkUpdated(
                                                    topicPartition, highWatermark);
                            registrations.put(listener, new Registration(partition, adapter));
                            partition.addListener(adapter);
                        });
    }

    @Override
    public void deregisterListener(TopicPartition topicPartition, Listener listener) {
        Registration registration = registrations.remove(listener);
        if (registration != null) {
            registration.partition().removeListener(registration.listener());
        }
    }

    @Override
    public LogConfig config(TopicPartition topicPartition) {
        return logConfig;
    }

    @Override
    public long append(
            TopicPartition topicPartition,
            VerificationGuard verificationGuard,
            MemoryRecords records,
            short transactionVersion) {
        AppendResult result =
                leader(topicPartition)
                        .append(records.buffer(), AppendOrigin.COORDINATOR, ALL_IN_SYNC_REPLICAS);
        return switch (result) {
            case Appended appended -> appended.lastOffset() + 1;
            case Refused refused -> throw exception(topicPartition, refused);
        };
    }

    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition topicPartition,
            String transactionalId,
            long producerId,
            short producerEpoch,
            int apiVersion) {
        return CompletableFuture.failedFuture(
                new InvalidTxnStateException(
                        "This broker does not coordinate transactions: "
                                + transactionalId
                                + " cannot commit offsets in one"));
    }

    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition topicPartition, long before) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException(
                        "Only the share coordinator deletes records, and none runs here"));
    }

    private Partition leader(TopicPartition topicPartition) {
        return partitions
                .find(topicPartition)
                .filter(Partition::isLeader)
                .orElseThrow(
                        () ->
                                new NotLeaderOrFollowerException(
                                        "This broker does not lead " + topicPartition));
    }

    private static ApiException exception(TopicPartition topicPartition, Refused refused) {
        String message = topicPartition + ": " + refused.detail();
        return switch (refused.reason()) {
            case NOT_LEADER -> new NotLeaderOrFollowerException(message);
            case NOT_ENOUGH_REPLICAS -> new NotEnoughReplicasException(message);
            case STORAGE_ERROR -> new KafkaStorageException(message);
            case MESSAGE_TOO_LARGE, BATCH_LARGER_THAN_SEGMENT ->
                    new RecordTooLargeException(message);
            case INVALID_PRODUCER_EPOCH -> new InvalidProducerEpochException(message);
            case INVALID_TRANSACTION_STATE -> new InvalidTxnStateException(message);
            case COORDINATOR_FENCED -> new TransactionCoordinatorFencedException(message);
            case OUT_OF_ORDER_SEQUENCE, DUPLICATE_SEQUENCE, UNKNOWN_PRODUCER ->
                    new OutOfOrderSequenceException(message);
            case UNSUPPORTED_MAGIC -> new UnsupportedForMessageFormatException(message);
            case CORRUPT_BATCH -> new CorruptRecordException(message);
            case INVALID_RECORD, INVALID_TIMESTAMP -> new InvalidRecordException(message);
        };
    }
}
