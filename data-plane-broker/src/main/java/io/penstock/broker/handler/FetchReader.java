package io.penstock.broker.handler;

import io.penstock.broker.handler.FetchSession.FetchedPartition;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.protocol.record.StoredBatches;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.ReadResult;
import io.penstock.broker.replication.SliceSource;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads, once, what a fetch wants, within its limits on size. */
final class FetchReader {

    private static final long UNKNOWN_OFFSET = -1;
    private static final int FIRST_WITH_ZSTD = 10;
    private static final int FIRST_WITH_PREFERRED_REPLICA = 11;
    private static final int NO_REPLICA = -1;

    private final PartitionLookup lookup;
    private final RequestAuthorizer authorizer;
    private final ReadReplicaSelector selector;

    FetchReader(
            PartitionLookup lookup, RequestAuthorizer authorizer, ReadReplicaSelector selector) {
        this.lookup = lookup;
        this.authorizer = authorizer;
        this.selector = selector;
    }

    /**
     * What was read. Holds slices of the log until they are sent or released.
     *
     * @param failed whether any partition has an error, or is better read elsewhere, of which the
     *     client is told at once
     */
    record Outcome(List<FetchedPartition> fetched, int bytes, boolean failed) {

        void release() {
            fetched.forEach(each -> FetchedRecords.release(each.data()));
        }
    }

    Outcome read(
            RequestContext context,
            List<FetchPartition> wanted,
            int maxBytes,
            Isolation isolation,
            String rack) {
        List<FetchedPartition> fetched = new ArrayList<>(wanted.size());
        int bytes = 0;
        boolean failed = false;
        for (FetchPartition each : wanted) {
            // KIP-74: the first batch found is sent whole, so that a large one cannot block a
            // consumer for ever; all others keep to the limits.
            int left = Math.max(0, Math.min(each.maxBytes(), maxBytes - bytes));
            PartitionData data = read(context, each, left, bytes == 0, isolation, rack);
            bytes += FetchedRecords.sizeOf(data);
            failed |=
                    data.errorCode() != Errors.NONE.code()
                            || data.preferredReadReplica() != NO_REPLICA;
            fetched.add(new FetchedPartition(each, data));
        }
        return new Outcome(fetched, bytes, failed);
    }

    /** The partition, where the context may read it and this broker serves it. */
    Optional<Partition> readable(RequestContext context, FetchPartition wanted) {
        return find(context, wanted) instanceof PartitionLookup.Result.Found(Partition partition)
                ? Optional.of(partition)
                : Optional.empty();
    }

    private PartitionLookup.Result find(RequestContext context, FetchPartition wanted) {
        if (wanted.topic() == null) {
            return new PartitionLookup.Result.Failed(Errors.UNKNOWN_TOPIC_ID);
        }
        if (!authorizer.isAllowed(context, AclOperation.READ, ResourceType.TOPIC, wanted.topic())) {
            return new PartitionLookup.Result.Failed(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Optional<Uuid> id =
                wanted.topicId().equals(Uuid.ZERO_UUID)
                        ? Optional.empty()
                        : Optional.of(wanted.topicId());
        return context.apiVersion() >= FIRST_WITH_PREFERRED_REPLICA
                ? lookup.replica(wanted.topic(), id, wanted.partition())
                : lookup.leader(wanted.topic(), id, wanted.partition());
    }

    private PartitionData read(
            RequestContext context,
            FetchPartition wanted,
            int maxBytes,
            boolean minOneBatch,
            Isolation isolation,
            String rack) {
        return switch (find(context, wanted)) {
            case PartitionLookup.Result.Failed(Errors error) -> failed(wanted, error);
            case PartitionLookup.Result.Found(Partition partition) -> {
                OptionalInt nearer = selector.nearer(partition, wanted.fetchOffset(), rack);
                if (nearer.isPresent()) {
                    yield elsewhere(wanted, partition, nearer.getAsInt());
                }
                ReadResult read =
                        partition.read(
                                wanted.fetchOffset(),
                                wanted.currentLeaderEpoch(),
                                maxBytes,
                                minOneBatch,
                                isolation);
                Errors refusal =
                        context.apiVersion() < FIRST_WITH_ZSTD ? refusalOfZstd(read) : Errors.NONE;
                yield refusal == Errors.NONE
                        ? data(wanted, isolation, read)
                        : failed(wanted, refusal);
            }
        };
    }

    private static PartitionData elsewhere(
            FetchPartition wanted, Partition partition, int replica) {
        PartitionData data =
                new PartitionData()
                        .setPartitionIndex(wanted.partition())
                        .setHighWatermark(partition.highWatermark())
                        .setLastStableOffset(partition.lastStableOffset())
                        .setLogStartOffset(partition.logStartOffset())
                        .setPreferredReadReplica(replica);
        FetchedRecords.attachNone(data);
        return data;
    }

    /** KIP-110: an old client could not decompress it. Releases what it refuses. */
    private static Errors refusalOfZstd(ReadResult result) {
        if (!(result instanceof ReadResult.Records read) || read.size() == 0) {
            return Errors.NONE;
        }
        Errors error;
        try {
            error =
                    StoredBatches.containZstd(new SliceSource(read.records()))
                            ? Errors.UNSUPPORTED_COMPRESSION_TYPE
                            : Errors.NONE;
        } catch (IOException e) {
            error = Errors.KAFKA_STORAGE_ERROR;
        }
        if (error != Errors.NONE) {
            read.records().release();
        }
        return error;
    }

    private PartitionData data(FetchPartition wanted, Isolation isolation, ReadResult result) {
        return switch (result) {
            case ReadResult.Records read -> {
                PartitionData data =
                        new PartitionData()
                                .setPartitionIndex(wanted.partition())
                                .setHighWatermark(read.highWatermark())
                                .setLastStableOffset(read.lastStableOffset())
                                .setLogStartOffset(read.logStartOffset())
                                .setAbortedTransactions(aborted(isolation, read));
                if (read.size() > 0) {
                    FetchedRecords.attach(data, new SliceSource(read.records()));
                } else {
                    if (read.records() != null) {
                        read.records().release();
                    }
                    FetchedRecords.attachNone(data);
                }
                yield data;
            }
            case ReadResult.OffsetOutOfRange(long highWatermark, long logStartOffset) ->
                    failed(wanted, Errors.OFFSET_OUT_OF_RANGE);
            case ReadResult.NotLeader() -> failed(wanted, Errors.NOT_LEADER_OR_FOLLOWER);
            case ReadResult.FencedLeaderEpoch() -> failed(wanted, Errors.FENCED_LEADER_EPOCH);
            case ReadResult.Diverging(int epoch, long endOffset) ->
                    failed(wanted, Errors.UNKNOWN_SERVER_ERROR);
            case ReadResult.UnknownLeaderEpoch() -> failed(wanted, Errors.UNKNOWN_LEADER_EPOCH);
            case ReadResult.StorageError(String detail) ->
                    failed(wanted, Errors.KAFKA_STORAGE_ERROR);
        };
    }

    /** Only who reads committed records needs to know, and null tells the others so. */
    private static List<AbortedTransaction> aborted(Isolation isolation, ReadResult.Records read) {
        if (isolation != Isolation.READ_COMMITTED) {
            return null;
        }
        List<AbortedTransaction> aborted = new ArrayList<>(read.abortedTransactions().size());
        for (ReadResult.AbortedTransaction each : read.abortedTransactions()) {
            aborted.add(
                    new AbortedTransaction()
                            .setProducerId(each.producerId())
                            .setFirstOffset(each.firstOffset()));
        }
        return aborted;
    }

    private PartitionData failed(FetchPartition wanted, Errors error) {
        PartitionData data =
                new PartitionData()
                        .setPartitionIndex(wanted.partition())
                        .setErrorCode(error.code())
                        .setHighWatermark(UNKNOWN_OFFSET)
                        .setLastStableOffset(UNKNOWN_OFFSET)
                        .setLogStartOffset(UNKNOWN_OFFSET);
        FetchedRecords.attachNone(data);
        if (error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH) {
            lookup.hint(wanted.topic(), wanted.partition())
                    .ifPresent(
                            hint ->
                                    data.setCurrentLeader(
                                            new LeaderIdAndEpoch()
                                                    .setLeaderId(hint.leader())
                                                    .setLeaderEpoch(hint.leaderEpoch())));
        }
        return data;
    }
}
