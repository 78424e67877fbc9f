package io.penstock.broker.log;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.FileRecords.TimestampAndOffset;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.server.storage.log.UnexpectedAppendOffsetException;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogStartOffsetIncrementReason;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Apache Kafka's log, from its own library. */
final class KafkaComparedLog implements ComparedLog {

    private static final BrokerTopicStats STATISTICS = new BrokerTopicStats();

    private final Path directory;
    private final LogConfig config;
    private final Time time;
    private final int mapBytes;
    private UnifiedLog log;
    private long start;
    private long recoveryPoint;
    private long highWatermark;
    private Optional<Long> cleaned = Optional.empty();

    KafkaComparedLog(Path directory, Map<String, String> configs, ManualClock clock, int mapBytes)
            throws IOException {
        this.directory = directory;
        this.config = new LogConfig(configs);
        this.time = new ClockTime(clock);
        this.mapBytes = mapBytes;
        start(true, 0);
    }

    @Override
    public Appended appendAsLeader(ByteBuffer batch, int epoch, boolean coordinator) {
        var origin =
                coordinator
                        ? org.apache.kafka.storage.internals.log.AppendOrigin.COORDINATOR
                        : org.apache.kafka.storage.internals.log.AppendOrigin.CLIENT;
        try {
            return outcome(
                    log.appendAsLeader(
                            MemoryRecords.readableRecords(batch),
                            epoch,
                            origin,
                            RequestLocal.noCaching(),
                            VerificationGuard.SENTINEL,
                            TransactionVersion.TV_1.featureLevel()));
        } catch (RecordValidationException refused) {
            return Appended.refused(Errors.forException(refused.invalidException()));
        } catch (ApiException refused) {
            return Appended.refused(Errors.forException(refused));
        }
    }

    @Override
    public Appended appendAsFollower(ByteBuffer batches, int epoch) {
        long end = log.logEndOffset();
        try {
            Appended done =
                    outcome(log.appendAsFollower(MemoryRecords.readableRecords(batches), epoch));
            return done.lastOffset() < 0 ? new Appended(Errors.NONE, end, end - 1) : done;
        } catch (ApiException refused) {
            return Appended.refused(Errors.forException(refused));
        } catch (UnexpectedAppendOffsetException | IllegalArgumentException belowTheEnd) {
            return Appended.refused(Errors.INVALID_RECORD);
        }
    }

    private static Appended outcome(LogAppendInfo info) {
        return new Appended(Errors.NONE, info.firstOffset(), info.lastOffset());
    }

    @Override
    public long activeSegment() {
        return log.activeSegment().baseOffset();
    }

    @Override
    public void roll() throws IOException {
        log.roll();
    }

    @Override
    public void beginEpoch(int epoch) {
        log.assignEpochStartOffset(epoch, log.logEndOffset());
    }

    @Override
    public void advanceHighWatermark(long offset) throws IOException {
        highWatermark = log.updateHighWatermark(offset);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        log.truncateTo(offset);
        // The next fetch tells a follower so; until then Kafka holds every transaction unstable.
        log.updateHighWatermark(log.highWatermark());
        cleaned = cleaned.map(c -> Math.min(c, log.logEndOffset()));
    }

    @Override
    public void restartAt(long offset) throws IOException {
        log.truncateFullyAndStartAt(offset, Optional.empty());
        cleaned = cleaned.map(c -> Math.min(c, offset));
        log.updateHighWatermark(offset);
    }

    @Override
    public void deleteRecords(long before) {
        log.maybeIncrementLogStartOffset(
                before, LogStartOffsetIncrementReason.ClientRecordDeletion);
    }

    @Override
    public int deleteOldSegments() throws IOException {
        return log.deleteOldSegments();
    }

    @Override
    public Cleaning compact() throws IOException {
        long checkpoint = cleaned.orElse(log.logStartOffset());
        boolean valid = checkpoint >= log.logStartOffset() && checkpoint <= log.logEndOffset();
        long firstDirty = valid ? checkpoint : log.logStartOffset();
        long stable = Math.min(log.lastStableOffset(), log.activeSegment().baseOffset());
        LogToClean toClean = new LogToClean(log, firstDirty, Math.max(firstDirty, stable), false);
        if (toClean.cleanableBytes() == 0) {
            return new Cleaning(toClean.firstUncleanableOffset(), 0, -1);
        }
        try {
            Cleaner cleaner =
                    new Cleaner(
                            0,
                            new SkimpyOffsetMap(mapBytes),
                            1 << 16,
                            1 << 20,
                            0.9,
                            new Throttler(Double.MAX_VALUE, Long.MAX_VALUE, "io", "bytes", time),
                            time,
                            partition -> {});
            long end = cleaner.doClean(toClean, time.milliseconds()).getKey();
            cleaned = Optional.of(end);
            return new Cleaning(toClean.firstUncleanableOffset(), toClean.cleanableBytes(), end);
        } catch (DigestException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public long offsetAt(long timestamp) {
        return log.fetchOffsetByTimestamp(timestamp, Optional.empty())
                .timestampAndOffsetOpt()
                .map((TimestampAndOffset found) -> found.offset)
                .orElse(-1L);
    }

    @Override
    public String endOffsetFor(int epoch) {
        return log.endOffsetForEpoch(epoch)
                .map(end -> end.epoch() + " ends at " + end.offset())
                .orElse("unknown");
    }

    @Override
    public State state() throws IOException {
        TreeMap<Long, Producer> producers = new TreeMap<>();
        log.producerStateManager()
                .activeProducers()
                .forEach(
                        (id, entry) ->
                                producers.put(
                                        id,
                                        new Producer(
                                                entry.producerEpoch(),
                                                entry.coordinatorEpoch(),
                                                entry.lastTimestamp(),
                                                orMinusOne(entry.currentTxnFirstOffset()),
                                                lastSequence(entry),
                                                entry.lastDataOffset())));
        return new State(
                log.logStartOffset(),
                log.logEndOffset(),
                log.lastStableOffset(),
                producers,
                ComparedLog.epochs(directory),
                log.collectAbortedTransactions(log.logStartOffset(), log.logEndOffset()).stream()
                        .map(a -> new Aborted(a.producerId(), a.firstOffset(), a.lastOffset()))
                        .toList());
    }

    private static int lastSequence(ProducerStateEntry entry) {
        int last = RecordBatch.NO_SEQUENCE;
        for (BatchMetadata batch : entry.batchMetadata()) {
            last = batch.lastSeq();
        }
        return last;
    }

    private static long orMinusOne(OptionalLong offset) {
        return offset.orElse(-1);
    }

    @Override
    public void stop(boolean cleanly) throws IOException {
        highWatermark = log.highWatermark();
        start = log.logStartOffset();
        recoveryPoint = log.recoveryPoint();
        Path snapshot = LogFiles.snapshot(directory, log.logEndOffset());
        boolean snapshotBefore = Files.exists(snapshot);
        long active = log.activeSegment().baseOffset();
        log.close();
        // It leaves the active segment's indexes at their largest size, and would take them for
        // full.
        Files.deleteIfExists(LogFiles.offsetIndex(directory, active));
        Files.deleteIfExists(LogFiles.timeIndex(directory, active));
        if (!cleanly && !snapshotBefore) {
            Files.deleteIfExists(snapshot);
        }
    }

    @Override
    public void start(boolean cleanly, long recoverFrom) throws IOException {
        log =
                UnifiedLog.create(
                        directory.toFile(),
                        config,
                        start,
                        recoverFrom,
                        new InlineScheduler(),
                        STATISTICS,
                        time,
                        900_000,
                        new ProducerStateManagerConfig(86_400_000, false),
                        600_000,
                        new LogDirFailureChannel(10),
                        cleanly,
                        Optional.of(new Uuid(7, 9)));
        highWatermark = Math.min(Math.max(highWatermark, log.logStartOffset()), log.logEndOffset());
        log.updateHighWatermark(highWatermark);
    }

    @Override
    public long recoveryPoint() {
        return recoveryPoint;
    }

    @Override
    public Path directory() {
        return directory;
    }

    /** Runs at once what the log puts off; what it repeats is asked for by the test. */
    private static final class InlineScheduler implements Scheduler {
        @Override
        public void startup() {}

        @Override
        public void shutdown() {}

        @Override
        public ScheduledFuture<?> schedule(
                String name, Runnable task, long delayMillis, long periodMillis) {
            if (periodMillis < 0) {
                task.run();
            }
            return new CompletedTask();
        }

        @Override
        public void resizeThreadPool(int size) {}
    }

    private static final class CompletedTask extends CompletableFuture<Object>
            implements ScheduledFuture<Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }

    private record ClockTime(ManualClock clock) implements Time {
        @Override
        public long milliseconds() {
            return clock.wallMillis();
        }

        @Override
        public long nanoseconds() {
            return clock.monotonicNanos();
        }

        @Override
        public void sleep(long millis) {
            throw new AssertionError("nothing sleeps here");
        }
    }
}
