package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.replication.ReplicaLog;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A partition's log in memory, with the real one's rules for what may be appended and the real
 * producer states. What was appended survives the process; only what was flushed surely survives
 * the machine.
 */
public final class MemoryLog implements ReplicaLog {

    private final TopicPartition topicPartition;
    private final Uuid topicId;
    private final Clock clock;
    private final TreeMap<Long, Batch> batches = new TreeMap<>();
    private final TreeMap<Integer, Long> epochs = new TreeMap<>();
    private final List<AbortedTransaction> aborted = new ArrayList<>();
    private final ProducerStates producers = new ProducerStates();
    private final Onlooker onlooker;
    private LogSettings settings;
    private long changes;
    private long segmentBase;
    private LogPosition end;
    private long logStartOffset;
    private DurableEnd durable;
    private BackgroundWork disk = (delay, task) -> task.run();
    private boolean closed;
    private boolean offline;
    private boolean full;

    /** A batch and where it lies; the bytes are never written again. */
    private record Batch(
            long baseOffset, long lastOffset, int position, long chain, ByteBuffer bytes) {
        int sizeInBytes() {
            return bytes.limit();
        }
    }

    /** Sees every batch that comes into the log. */
    @FunctionalInterface
    public interface Onlooker {
        Onlooker NONE = (batch) -> {};

        /**
         * @param batch with its final offsets and epoch, read only
         */
        void onAppended(ByteBuffer batch);
    }

    public MemoryLog(
            TopicPartition topicPartition,
            Uuid topicId,
            LogSettings settings,
            Clock clock,
            Onlooker onlooker) {
        this.topicPartition = topicPartition;
        this.topicId = topicId;
        this.settings = settings;
        this.clock = clock;
        this.onlooker = onlooker;
        this.end = new LogPosition(0, 0, 0);
        this.durable = durableUpTo(0);
    }

    private DurableEnd durableUpTo(long offset) {
        return new DurableEnd(
                new BackgroundWork() {
                    @Override
                    public void later(long delayMillis, Runnable task) {
                        disk.later(delayMillis, task);
                    }

                    @Override
                    public void forced() {
                        disk.forced();
                    }
                },
                from -> !closed && !offline,
                () -> end.offset(),
                offset);
    }

    /** The disk that works for this log, in its own time; a log has one that needs none. */
    public MemoryLog on(BackgroundWork slowDisk) {
        disk = slowDisk;
        forceIfAsked();
        return this;
    }

    private void forceIfAsked() {
        if (settings.durableBeforeAcknowledged()) {
            durable.appended();
        }
    }

    /** The log as the next process finds it, after this one was stopped or killed. */
    public MemoryLog reopened(Clock nextClock) {
        MemoryLog next = new MemoryLog(topicPartition, topicId, settings, nextClock, onlooker);
        next.changes = changes + 1;
        next.segmentBase = segmentBase;
        next.batches.putAll(batches);
        next.epochs.putAll(epochs);
        next.durable = next.durableUpTo(flushedTo());
        next.end = end;
        next.logStartOffset = logStartOffset;
        next.epochs.values().removeIf(start -> start >= end.offset());
        next.rebuildProducers();
        next.producers.onHighWatermark(end.offset());
        closed = true;
        return next;
    }

    /** The log as the next process finds it, after the machine lost what lay past the offset. */
    public MemoryLog afterPowerLoss(long firstLostOffset, Clock nextClock) {
        MemoryLog next = reopened(nextClock);
        if (firstLostOffset < flushedTo()) {
            throw new IllegalArgumentException("up to " + flushedTo() + " it was flushed");
        }
        next.truncateTo(firstLostOffset);
        return next;
    }

    @Override
    public AppendResult append(ByteBuffer records, AppendOrigin origin, int leaderEpoch) {
        long now = clock.wallMillis();
        Refused refused = BatchValidator.validate(records, origin, settings, now);
        if (refused != null) {
            return refused;
        }
        if (closed || offline || full) {
            return new Refused(Reason.STORAGE_ERROR, "closed, offline, or no space");
        }
        ProducerStates.Check check = producers.checkAll(records, origin);
        if (check instanceof ProducerStates.Check.Rejected rejected) {
            return rejected.refused();
        }
        if (check instanceof ProducerStates.Check.Duplicate duplicate) {
            ProducerEntry.Batch batch = duplicate.batch();
            return new Appended(batch.firstOffset(), batch.lastOffset(), -1, logStartOffset, true);
        }
        AppendPlan plan = AppendPlan.assign(records, origin, leaderEpoch, end.offset());
        if (plan == null) {
            return new Refused(
                    Reason.INVALID_RECORD,
                    "a replicated offset lies below the log's end " + end.offset());
        }
        for (int at = records.position(); at < records.limit(); ) {
            int size = (int) RecordBatchHeader.sizeInBytes(records, at);
            add(records, at, size);
            at += size;
        }
        forceIfAsked();
        return new Appended(plan.baseOffset(), plan.endOffset() - 1, -1, logStartOffset, false);
    }

    @Override
    public AppendResult appendReplicated(ByteBuffer records) {
        return append(records, AppendOrigin.REPLICATION, -1);
    }

    private void add(ByteBuffer records, int at, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size).put(0, records, at, size);
        long base = RecordBatchHeader.baseOffset(bytes, 0);
        long last = RecordBatchHeader.lastOffset(bytes, 0);
        long before = batches.isEmpty() ? 0 : batches.lastEntry().getValue().chain();
        batches.put(base, new Batch(base, last, end.position(), chain(before, bytes), bytes));
        assign(RecordBatchHeader.leaderEpoch(bytes, 0), base);
        AbortedTransaction ended = producers.apply(bytes, 0);
        if (ended != null) {
            aborted.add(ended);
        }
        end = new LogPosition(last + 1, segmentBase, end.position() + size);
        changes++;
        onlooker.onAppended(bytes.asReadOnlyBuffer());
    }

    private static long chain(long before, ByteBuffer bytes) {
        long chain = before * 0x9E3779B97F4A7C15L + RecordBatchHeader.baseOffset(bytes, 0);
        chain = chain * 0x9E3779B97F4A7C15L + RecordBatchHeader.leaderEpoch(bytes, 0);
        return chain * 0x9E3779B97F4A7C15L + RecordBatchHeader.checksum(bytes, 0);
    }

    private void assign(int epoch, long startOffset) {
        if (epoch < 0 || (!epochs.isEmpty() && epochs.lastKey() >= epoch)) {
            return;
        }
        epochs.values().removeIf(start -> start >= startOffset);
        epochs.put(epoch, startOffset);
    }

    @Override
    public Optional<LogSlice> read(
            long offset, int maxBytes, boolean minOneBatch, LogPosition bound) {
        if (offset >= bound.offset()) {
            return Optional.empty();
        }
        if (offset < logStartOffset) {
            throw new IllegalArgumentException("offset " + offset + " is not in the log");
        }
        Optional<Batch> first = batchWith(offset);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int from = first.get().position();
        int wanted = minOneBatch ? Math.max(maxBytes, first.get().sizeInBytes()) : maxBytes;
        int size = Math.min(wanted, bound.position() - from);
        if (size <= 0) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Batch batch : batches.tailMap(first.get().baseOffset(), true).values()) {
            int length = Math.min(bytes.remaining(), batch.sizeInBytes());
            bytes.put(batch.bytes().slice(0, length));
            if (!bytes.hasRemaining()) {
                break;
            }
        }
        return Optional.of(new MemorySlice(bytes.flip()));
    }

    /** The batch that holds the offset, or the next one when compaction left a gap there. */
    private Optional<Batch> batchWith(long offset) {
        Map.Entry<Long, Batch> floor = batches.floorEntry(offset);
        if (floor != null && floor.getValue().lastOffset() >= offset) {
            return Optional.of(floor.getValue());
        }
        return Optional.ofNullable(batches.higherEntry(offset)).map(Map.Entry::getValue);
    }

    @Override
    public LogPosition positionOf(long offset) {
        return offset >= end.offset()
                ? end
                : batchWith(offset)
                        .map(batch -> new LogPosition(offset, segmentBase, batch.position()))
                        .orElse(end);
    }

    @Override
    public void beginEpoch(int leaderEpoch) {
        assign(leaderEpoch, end.offset());
    }

    @Override
    public Optional<LeaderEpochEnd> endOffsetFor(int leaderEpoch) {
        if (leaderEpoch < 0 || epochs.isEmpty() || leaderEpoch > epochs.lastKey()) {
            return Optional.empty();
        }
        if (leaderEpoch == epochs.lastKey()) {
            return Optional.of(new LeaderEpochEnd(leaderEpoch, end.offset()));
        }
        Map.Entry<Integer, Long> floor = epochs.floorEntry(leaderEpoch);
        int found = floor == null ? leaderEpoch : floor.getKey();
        return Optional.of(new LeaderEpochEnd(found, epochs.higherEntry(leaderEpoch).getValue()));
    }

    @Override
    public OptionalInt latestEpoch() {
        return epochs.isEmpty() ? OptionalInt.empty() : OptionalInt.of(epochs.lastKey());
    }

    @Override
    public void onHighWatermark(long highWatermark) {
        producers.onHighWatermark(highWatermark);
    }

    @Override
    public void truncateTo(long offset) {
        if (offset >= end.offset()) {
            epochs.values().removeIf(start -> start >= end.offset());
            return;
        }
        if (offset <= segmentBase) {
            truncateFullyAndStartAt(offset);
            return;
        }
        Map.Entry<Long, Batch> floor = batches.floorEntry(offset);
        boolean inside = floor != null && floor.getValue().lastOffset() >= offset;
        long newEnd = inside ? floor.getKey() : offset;
        batches.tailMap(newEnd, true).clear();
        int position =
                batches.isEmpty()
                        ? 0
                        : batches.lastEntry().getValue().position()
                                + batches.lastEntry().getValue().sizeInBytes();
        end = new LogPosition(newEnd, segmentBase, position);
        changes++;
        durable.truncated(newEnd);
        logStartOffset = Math.min(logStartOffset, newEnd);
        epochs.values().removeIf(start -> start >= newEnd);
        rebuildProducers();
        producers.onHighWatermark(newEnd);
        forceIfAsked();
    }

    private void rebuildProducers() {
        producers.clear();
        aborted.clear();
        for (Batch batch : batches.values()) {
            AbortedTransaction ended = producers.apply(batch.bytes(), 0);
            if (ended != null) {
                aborted.add(ended);
            }
        }
    }

    @Override
    public void truncateFullyAndStartAt(long offset) {
        batches.clear();
        epochs.clear();
        aborted.clear();
        producers.clear();
        changes++;
        segmentBase = offset;
        logStartOffset = offset;
        end = new LogPosition(offset, offset, 0);
        durable.truncated(offset);
        durable.forced(offset, durable.generation());
    }

    @Override
    public boolean advanceStartOffset(long offset) {
        if (offset <= logStartOffset) {
            return false;
        }
        logStartOffset = Math.min(offset, end.offset());
        Map.Entry<Integer, Long> first = null;
        for (Map.Entry<Integer, Long> entry : epochs.entrySet()) {
            if (entry.getValue() <= logStartOffset) {
                first = entry;
            }
        }
        if (first != null) {
            int epoch = first.getKey();
            epochs.headMap(epoch, false).clear();
            epochs.put(epoch, Math.max(logStartOffset, epochs.get(epoch)));
        }
        return true;
    }

    @Override
    public Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset) {
        return timestamps().find(timestamp, belowOffset);
    }

    @Override
    public Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) {
        return timestamps().largest(belowOffset);
    }

    private MemoryTimestamps timestamps() {
        return new MemoryTimestamps(batchesFrom(0), epochs, logStartOffset);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return aborted.stream()
                .filter(a -> a.lastOffset() >= fromOffset && a.firstOffset() < toOffset)
                .toList();
    }

    @Override
    public void flush() {
        durable.forced(end.offset(), durable.generation());
    }

    @Override
    public long durableEnd() {
        return settings.durableBeforeAcknowledged() ? flushedTo() : end.offset();
    }

    @Override
    public void setDurabilityListener(DurabilityListener listener) {
        durable.setListener(listener);
    }

    @Override
    public boolean isOffline() {
        return offline;
    }

    /** As a disk does without a free byte; what is there is read as ever. */
    public void fillDisk(boolean noSpace) {
        full = noSpace;
    }

    /** As a disk does that takes and gives nothing any more. */
    public void failDisk() {
        offline = true;
        durable.wentOffline();
    }

    /** Everything below it survives the machine. */
    public long flushedTo() {
        return durable.offset();
    }

    @Override
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    @Override
    public Uuid topicId() {
        return topicId;
    }

    @Override
    public void changeSettings(LogSettings changed) {
        settings = changed;
        forceIfAsked();
    }

    @Override
    public LogPosition end() {
        return end;
    }

    @Override
    public long logStartOffset() {
        return logStartOffset;
    }

    @Override
    public long firstUnstableOffset() {
        return producers.firstUnstableOffset();
    }

    @Override
    public long sizeInBytes() {
        return end.position();
    }

    public void close() {
        flush();
        closed = true;
    }

    /** For onlookers: another number after every change of the batches. */
    public long changes() {
        return changes;
    }

    /**
     * For onlookers: a digest of all batches below the offset; two logs have the same if and only
     * if, in all likelihood, they have the same batches there. Empty if the log does not reach the
     * offset, or no batch ends there.
     */
    public OptionalLong chainBelow(long offset) {
        Map.Entry<Long, Batch> last = batches.lowerEntry(offset);
        if (last == null) {
            return offset == segmentBase ? OptionalLong.of(0) : OptionalLong.empty();
        }
        return last.getValue().lastOffset() == offset - 1
                ? OptionalLong.of(last.getValue().chain())
                : OptionalLong.empty();
    }

    /** For onlookers: the batches from the offset on, each read only. */
    public List<ByteBuffer> batchesFrom(long offset) {
        return batches.tailMap(offset, true).values().stream()
                .map(batch -> batch.bytes().asReadOnlyBuffer())
                .toList();
    }
}
