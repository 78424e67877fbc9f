package io.penstock.broker.log;

import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;

import org.apache.kafka.common.protocol.Errors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Our log. */
final class PenstockComparedLog implements ComparedLog {

    private final TestLog test;
    private final CleanerOptions cleaner;
    private PartitionLog log;
    private long highWatermark;

    PenstockComparedLog(TestLog test, CleanerOptions cleaner) throws IOException {
        this.test = test;
        this.cleaner = cleaner;
        start(true, 0);
    }

    @Override
    public Appended appendAsLeader(ByteBuffer batch, int epoch, boolean coordinator) {
        return outcome(
                log.append(
                        batch,
                        coordinator ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT,
                        epoch));
    }

    @Override
    public Appended appendAsFollower(ByteBuffer batches, int epoch) {
        return outcome(log.append(batches, AppendOrigin.REPLICATION, epoch));
    }

    private Appended outcome(AppendResult result) {
        test.runBackground();
        return switch (result) {
            case AppendResult.Appended done ->
                    new Appended(Errors.NONE, done.baseOffset(), done.lastOffset());
            case Refused refused -> Appended.refused(error(refused.reason()));
        };
    }

    private static Errors error(Reason reason) {
        return switch (reason) {
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case INVALID_RECORD -> Errors.INVALID_RECORD;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case MESSAGE_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case BATCH_LARGER_THAN_SEGMENT -> Errors.RECORD_LIST_TOO_LARGE;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_TRANSACTION_STATE -> Errors.INVALID_TXN_STATE;
            case COORDINATOR_FENCED -> Errors.TRANSACTION_COORDINATOR_FENCED;
            default -> throw new AssertionError("not expected here: " + reason);
        };
    }

    @Override
    public long activeSegment() {
        return log.end().segmentBaseOffset();
    }

    @Override
    public void roll() throws IOException {
        log.compactable().roll();
        test.runBackground();
    }

    @Override
    public void beginEpoch(int epoch) throws IOException {
        log.beginEpoch(epoch);
    }

    @Override
    public void advanceHighWatermark(long offset) {
        highWatermark = Math.min(offset, log.end().offset());
        log.onHighWatermark(highWatermark);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        log.truncateTo(offset);
        afterCut();
    }

    @Override
    public void restartAt(long offset) throws IOException {
        log.truncateFullyAndStartAt(offset);
        highWatermark = offset;
        afterCut();
    }

    private void afterCut() {
        highWatermark = Math.min(highWatermark, log.end().offset());
        log.onHighWatermark(highWatermark);
        test.runBackground();
    }

    @Override
    public void deleteRecords(long before) throws IOException {
        log.advanceStartOffset(before);
    }

    @Override
    public int deleteOldSegments() throws IOException {
        int deleted = log.deleteOldSegments(highWatermark);
        test.runBackground();
        return deleted;
    }

    @Override
    public Cleaning compact() throws IOException {
        CleaningRange range = log.compactable().range(highWatermark, test.clock.wallMillis());
        if (range.dirtyBytes() == 0) {
            return new Cleaning(range.endOffset(), 0, -1);
        }
        new LogCleaner(() -> List.of(log), partition -> highWatermark, cleaner, test.clock)
                // 4.4 keeps an empty batch at the high watermark, later versions as we do.
                .compaction(log, range, highWatermark)
                .run();
        test.runBackground();
        return new Cleaning(
                range.endOffset(), range.dirtyBytes(), log.compactable().cleanedOffset());
    }

    @Override
    public long offsetAt(long timestamp) throws IOException {
        return log.findByTimestamp(timestamp, Long.MAX_VALUE)
                .map(OffsetAndTimestamp::offset)
                .orElse(-1L);
    }

    @Override
    public String endOffsetFor(int epoch) {
        return log.endOffsetFor(epoch)
                .map(end -> end.leaderEpoch() + " ends at " + end.endOffset())
                .orElse("unknown");
    }

    @Override
    public State state() throws IOException {
        TreeMap<Long, Producer> producers = new TreeMap<>();
        for (ProducerEntry entry : log.compactable().producers()) {
            producers.put(
                    entry.producerId(),
                    new Producer(
                            entry.epoch(),
                            entry.coordinatorEpoch(),
                            entry.lastTimestamp(),
                            entry.transactionFirstOffset(),
                            entry.lastSequence(),
                            entry.lastBatch() == null ? -1 : entry.lastBatch().lastOffset()));
        }
        return new State(
                log.logStartOffset(),
                log.end().offset(),
                Math.min(highWatermark, log.firstUnstableOffset()),
                producers,
                epochs(),
                log.abortedTransactions(log.logStartOffset(), log.end().offset()).stream()
                        .map(a -> new Aborted(a.producerId(), a.firstOffset(), a.lastOffset()))
                        .toList());
    }

    /** An epoch that begins is written down with its first record. */
    private List<String> epochs() throws IOException {
        long end = log.end().offset();
        List<String> known = new ArrayList<>();
        for (String line : ComparedLog.epochs(test.directory)) {
            if (Long.parseLong(line.substring(line.indexOf(' ') + 1)) < end) {
                known.add(line);
            }
        }
        int written = known.isEmpty() ? -1 : Integer.parseInt(known.getLast().split(" ", 2)[0]);
        log.latestEpoch()
                .ifPresent(
                        latest -> {
                            if (latest > written) {
                                known.add(latest + " " + end);
                            }
                        });
        return known;
    }

    @Override
    public void stop(boolean cleanly) throws IOException {
        test.recoveryPoint = log.recoveryPoint();
        test.logStartOffset = log.logStartOffset();
        test.cleanedOffset = log.compactable().cleanedOffset();
        if (cleanly) {
            log.close();
        } else {
            log.abandon();
        }
        test.runBackground();
    }

    @Override
    public void start(boolean cleanly, long recoveryPoint) throws IOException {
        test.recoveryPoint = recoveryPoint;
        log = test.open(cleanly);
        highWatermark = Math.min(Math.max(highWatermark, log.logStartOffset()), log.end().offset());
        log.onHighWatermark(highWatermark);
    }

    @Override
    public long recoveryPoint() {
        return test.recoveryPoint;
    }

    @Override
    public Path directory() {
        return test.directory;
    }
}
