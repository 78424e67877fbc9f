package io.penstock.broker.replication;

import io.penstock.broker.log.AbortedTransaction;
import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.DurabilityListener;
import io.penstock.broker.log.LeaderEpochEnd;
import io.penstock.broker.log.LogPosition;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.log.PartitionLog;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A replica's log on disk. */
public record DiskLog(PartitionLog log) implements ReplicaLog {

    private static final int NO_EPOCH = -1;

    @Override
    public TopicPartition topicPartition() {
        return log.topicPartition();
    }

    @Override
    public Uuid topicId() {
        return log.topicId();
    }

    @Override
    public AppendResult append(ByteBuffer batches, AppendOrigin origin, int leaderEpoch) {
        return log.append(batches, origin, leaderEpoch);
    }

    @Override
    public AppendResult appendReplicated(ByteBuffer batches) {
        return log.append(batches, AppendOrigin.REPLICATION, NO_EPOCH);
    }

    @Override
    public LogPosition end() {
        return log.end();
    }

    @Override
    public long durableEnd() {
        return log.durableEnd();
    }

    @Override
    public void setDurabilityListener(DurabilityListener listener) {
        log.setDurabilityListener(listener);
    }

    @Override
    public boolean isOffline() {
        return log.isOffline();
    }

    @Override
    public long logStartOffset() {
        return log.logStartOffset();
    }

    @Override
    public LogPosition positionOf(long offset) throws IOException {
        return log.positionOf(offset);
    }

    @Override
    public Optional<LogSlice> read(
            long offset, int maxBytes, boolean minOneBatch, LogPosition bound) throws IOException {
        return log.read(offset, maxBytes, minOneBatch, bound);
    }

    @Override
    public void beginEpoch(int leaderEpoch) throws IOException {
        log.beginEpoch(leaderEpoch);
    }

    @Override
    public OptionalInt latestEpoch() {
        return log.latestEpoch();
    }

    @Override
    public Optional<LeaderEpochEnd> endOffsetFor(int leaderEpoch) {
        return log.endOffsetFor(leaderEpoch);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        log.truncateTo(offset);
    }

    @Override
    public void truncateFullyAndStartAt(long offset) throws IOException {
        log.truncateFullyAndStartAt(offset);
    }

    @Override
    public boolean advanceStartOffset(long offset) throws IOException {
        return log.advanceStartOffset(offset);
    }

    @Override
    public void onHighWatermark(long highWatermark) {
        log.onHighWatermark(highWatermark);
    }

    @Override
    public long firstUnstableOffset() {
        return log.firstUnstableOffset();
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return log.abortedTransactions(fromOffset, toOffset);
    }

    @Override
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset)
            throws IOException {
        return log.findByTimestamp(timestamp, belowOffset);
    }

    @Override
    public Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) throws IOException {
        return log.maxTimestamp(belowOffset);
    }

    @Override
    public void flush() throws IOException {
        log.flush();
    }

    @Override
    public void changeSettings(LogSettings changed) {
        log.changeSettings(changed);
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }
}
