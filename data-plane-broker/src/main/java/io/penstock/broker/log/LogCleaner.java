package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Compacts logs, always the dirtiest of those that are due; safe for several threads, of which each
 * takes another log. A log that cannot be cleaned is left alone until the next start: a damaged
 * batch does not heal, and the others must go on.
 */
final class LogCleaner {

    private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

    private final Supplier<Collection<PartitionLog>> logs;
    private final ToLongFunction<TopicPartition> highWatermark;
    private final CleanerOptions options;
    private final Clock clock;
    private final IoThrottle throttle;
    private final Set<PartitionLog> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<PartitionLog> uncleanable =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean stopping;
    private volatile double largestDirtyRatio;

    private record Candidate(PartitionLog log, CleaningRange range) {}

    LogCleaner(
            Supplier<Collection<PartitionLog>> logs,
            ToLongFunction<TopicPartition> highWatermark,
            CleanerOptions options,
            Clock clock) {
        this.logs = logs;
        this.highWatermark = highWatermark;
        this.options = options;
        this.clock = clock;
        this.throttle = new IoThrottle(options.bytesPerSecond(), clock);
    }

    /** Cleans until no log is dirty enough. */
    void cleanAllDue() {
        Optional<Candidate> next = take();
        while (next.isPresent() && !stopping) {
            try {
                clean(next.get());
            } finally {
                giveBack(next.get().log());
            }
            next = take();
        }
    }

    /** Ends the cleanings under way at their next piece. */
    void stop() {
        stopping = true;
    }

    /** The largest share of dirty bytes that a compacted log had when the logs were looked at. */
    double largestDirtyRatio() {
        return largestDirtyRatio;
    }

    synchronized int uncleanable() {
        return uncleanable.size();
    }

    private synchronized Optional<Candidate> take() {
        Collection<PartitionLog> present = logs.get();
        uncleanable.removeIf(PartitionLog::isClosed);
        List<Candidate> candidates =
                present.stream()
                        .filter(log -> log.compactable().wanted())
                        .filter(log -> !taken.contains(log) && !uncleanable.contains(log))
                        .flatMap(log -> candidate(log).stream())
                        .sorted(Comparator.comparingDouble(c -> -c.range().dirtyRatio()))
                        .toList();
        largestDirtyRatio = candidates.isEmpty() ? 0 : candidates.getFirst().range().dirtyRatio();
        Optional<Candidate> due = candidates.stream().filter(LogCleaner::isDue).findFirst();
        due.ifPresent(candidate -> taken.add(candidate.log()));
        return due;
    }

    private Optional<Candidate> candidate(PartitionLog log) {
        try {
            long watermark = highWatermark.applyAsLong(log.topicPartition());
            return Optional.of(
                    new Candidate(log, log.compactable().range(watermark, clock.wallMillis())));
        } catch (UncheckedIOException notReadable) {
            LOG.warn("{}: cannot be looked at now", log.topicPartition(), notReadable);
            return Optional.empty();
        }
    }

    private static boolean isDue(Candidate candidate) {
        return candidate.range().isDue(candidate.log().settings().compaction());
    }

    private synchronized void giveBack(PartitionLog log) {
        taken.remove(log);
    }

    private void clean(Candidate candidate) {
        PartitionLog log = candidate.log();
        CleaningRange range = candidate.range();
        long startNanos = clock.monotonicNanos();
        try {
            LogCompaction.Cleaned cleaned = compaction(log, range).run();
            LOG.info(
                    "{}: compacted {} segments of {} bytes into {} of {}, clean up to offset {}, in {} ms",
                    log.topicPartition(),
                    cleaned.segmentsBefore(),
                    cleaned.bytesRead(),
                    cleaned.segmentsAfter(),
                    cleaned.written(),
                    cleaned.endOffset(),
                    (clock.monotonicNanos() - startNanos) / 1_000_000);
        } catch (CleaningAbandonedException abandoned) {
            LOG.info("{}: compaction ended: {}", log.topicPartition(), abandoned.getMessage());
        } catch (IOException | RuntimeException failure) {
            setAside(log, failure);
        }
    }

    private void setAside(PartitionLog log, Exception failure) {
        if (FullDisk.is(failure)) {
            LOG.warn("{}: no space to compact into; it is tried again", log.topicPartition());
            return;
        }
        LOG.error("{}: cannot be compacted until the next start", log.topicPartition(), failure);
        synchronized (this) {
            uncleanable.add(log);
        }
    }

    LogCompaction compaction(PartitionLog log, CleaningRange range) {
        return compaction(log, range, range.endOffset());
    }

    /**
     * @param keptEnd the batch that ends before it stays, if only as an empty one
     */
    LogCompaction compaction(PartitionLog log, CleaningRange range, long keptEnd) {
        int threads = Math.max(1, options.threads());
        LatestOffsets latest =
                new LatestOffsets(
                        options.dedupeBufferBytes() / threads,
                        options.loadFactor(),
                        range.endOffset() - range.firstDirtyOffset());
        return new LogCompaction(
                log.compactable(),
                range,
                keptEnd,
                latest,
                new CleanerBuffers(options.ioBufferBytes() / threads / 2, throttle),
                throttle,
                () -> stopping || !log.compactable().wanted(),
                clock.wallMillis());
    }
}
