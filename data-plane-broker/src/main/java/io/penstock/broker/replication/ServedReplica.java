package io.penstock.broker.replication;

import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.replication.FetcherSession.Key;
import io.penstock.broker.replication.Partition.Isolation;

import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A partition in a follower's session at its leader: where the follower is, and what it was told.
 * Belongs to the session's scheduler, but for the news that come from the partition.
 *
 * <p>After records or an error were sent nothing more is, until the follower says where it is then.
 */
final class ServedReplica implements ReplicaListener {

    private static final long UNKNOWN = -1;

    private final FollowerSession session;
    private final Key key;
    private final Optional<LocalPartition> partition;
    private final AtomicBoolean queued = new AtomicBoolean();
    private FollowerReport report;
    private int maxBytes;
    private Optional<ReadResult> wrong = Optional.empty();
    private boolean awaitsReport;
    private long toldHighWatermark = UNKNOWN;
    private long toldLogStart = UNKNOWN;

    ServedReplica(FollowerSession session, Key key, Optional<LocalPartition> partition) {
        this.session = session;
        this.key = key;
        this.partition = partition;
        partition.ifPresent(local -> local.addReplicaListener(this));
    }

    Optional<LocalPartition> partition() {
        return partition;
    }

    void reported(FollowerReport fresh, int bytes) {
        report = fresh;
        maxBytes = bytes;
        wrong =
                partition.isPresent()
                        ? partition.get().followerReached(fresh)
                        : Optional.of(new ReadResult.NotLeader());
        awaitsReport = false;
        if (wrong.isPresent() || partition.orElseThrow().logEndOffset() > fresh.fetchOffset()) {
            queue();
        } else {
            onHighWatermark();
        }
    }

    void end() {
        partition.ifPresent(
                local -> {
                    local.removeReplicaListener(this);
                    if (report != null) {
                        local.leader().followerLeft(report);
                    }
                });
    }

    @Override
    public void onRecords() {
        session.hasRecords();
        queue();
    }

    @Override
    public void onNews() {
        queue();
    }

    private void queue() {
        if (queued.compareAndSet(false, true)) {
            session.hasNews(this);
        } else {
            session.hasUrgentNews();
        }
    }

    @Override
    public void onHighWatermark() {
        if (queued.compareAndSet(false, true)) {
            session.hasWatermark(this);
        }
    }

    /** From here on news count anew. */
    void unqueued() {
        queued.set(false);
    }

    /**
     * What the follower does not know yet, if anything. A batch that is larger than what is left of
     * the response is sent whole, so that none waits for ever.
     */
    Optional<PartitionData> news(int bytesLeft) {
        if (awaitsReport || report == null) {
            return Optional.empty();
        }
        ReadResult result =
                wrong.isPresent()
                        ? wrong.get()
                        : partition
                                .orElseThrow()
                                .read(
                                        report.fetchOffset(),
                                        report.leaderEpoch(),
                                        Math.min(maxBytes, bytesLeft),
                                        true,
                                        Isolation.REPLICA);
        return switch (result) {
            case ReadResult.Records read -> records(read);
            case ReadResult.Diverging(int epoch, long endOffset) ->
                    Optional.of(
                            last(Errors.NONE)
                                    .setDivergingEpoch(
                                            new EpochEndOffset()
                                                    .setEpoch(epoch)
                                                    .setEndOffset(endOffset)));
            case ReadResult.OffsetOutOfRange(long highWatermark, long logStart) ->
                    Optional.of(last(Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(logStart));
            case ReadResult.NotLeader() -> Optional.of(last(Errors.NOT_LEADER_OR_FOLLOWER));
            case ReadResult.FencedLeaderEpoch() -> Optional.of(last(Errors.FENCED_LEADER_EPOCH));
            case ReadResult.UnknownLeaderEpoch() -> Optional.of(last(Errors.UNKNOWN_LEADER_EPOCH));
            case ReadResult.StorageError(String detail) ->
                    Optional.of(last(Errors.KAFKA_STORAGE_ERROR));
        };
    }

    private Optional<PartitionData> records(ReadResult.Records read) {
        Duration throttled =
                session.throttles().beforeSending(partition.orElseThrow(), report.brokerId());
        if (read.size() > 0 && !throttled.isZero()) {
            release(read);
            session.later(throttled, this::queue);
            return Optional.empty();
        }
        session.throttles().sent(partition.get(), report.brokerId(), read.size());
        boolean known =
                read.highWatermark() == toldHighWatermark && read.logStartOffset() == toldLogStart;
        if (read.size() == 0 && known) {
            release(read);
            return Optional.empty();
        }
        toldHighWatermark = read.highWatermark();
        toldLogStart = read.logStartOffset();
        PartitionData data =
                new PartitionData()
                        .setPartitionIndex(key.partition())
                        .setHighWatermark(read.highWatermark())
                        .setLastStableOffset(read.lastStableOffset())
                        .setLogStartOffset(read.logStartOffset());
        if (read.size() > 0) {
            awaitsReport = true;
            FetchedRecords.attach(data, new SliceSource(read.records()));
        } else {
            release(read);
            FetchedRecords.attachNone(data);
        }
        return Optional.of(data);
    }

    private static void release(ReadResult.Records read) {
        if (read.records() != null) {
            read.records().release();
        }
    }

    /** The follower has to say where it goes on after this. */
    private PartitionData last(Errors error) {
        awaitsReport = true;
        PartitionData data =
                new PartitionData()
                        .setPartitionIndex(key.partition())
                        .setErrorCode(error.code())
                        .setHighWatermark(UNKNOWN)
                        .setLastStableOffset(UNKNOWN)
                        .setLogStartOffset(UNKNOWN);
        FetchedRecords.attachNone(data);
        return data;
    }

    Key key() {
        return key;
    }
}
