package io.penstock.broker.replication;

import io.penstock.broker.log.LeaderEpochEnd;
import io.penstock.broker.log.LogPosition;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.replication.Partition.Isolation;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Reads a replica's log up to what a reader may see. */
final class PartitionReader {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

    private final ReplicaLog log;

    PartitionReader(ReplicaLog log) {
        this.log = log;
    }

    ReadResult read(
            long offset,
            int maxBytes,
            boolean minOneBatch,
            Isolation isolation,
            LogPosition watermark) {
        long start = log.logStartOffset();
        if (offset < start || offset > log.end().offset()) {
            return outOfRange(watermark);
        }
        try {
            LogPosition stableEnd = stable(watermark);
            LogPosition bound =
                    switch (isolation) {
                        case READ_COMMITTED -> stableEnd;
                        case READ_UNCOMMITTED -> watermark;
                        case REPLICA -> log.end();
                    };
            Optional<LogSlice> slice = log.read(offset, maxBytes, minOneBatch, bound);
            List<ReadResult.AbortedTransaction> aborted =
                    isolation == Isolation.READ_COMMITTED && slice.isPresent()
                            ? aborted(offset, bound.offset())
                            : List.of();
            return new ReadResult.Records(
                    slice.orElse(null), watermark.offset(), stableEnd.offset(), start, aborted);
        } catch (IllegalArgumentException deletedMeanwhile) {
            return outOfRange(watermark);
        } catch (IOException failure) {
            LOG.error("{}: a read at {} failed", log.topicPartition(), offset, failure);
            return new ReadResult.StorageError(String.valueOf(failure.getMessage()));
        }
    }

    private ReadResult outOfRange(LogPosition watermark) {
        return new ReadResult.OffsetOutOfRange(watermark.offset(), log.logStartOffset());
    }

    private LogPosition stable(LogPosition watermark) throws IOException {
        long unstable = log.firstUnstableOffset();
        return unstable >= watermark.offset() ? watermark : log.positionOf(unstable);
    }

    private List<ReadResult.AbortedTransaction> aborted(long from, long to) {
        return log.abortedTransactions(from, to).stream()
                .map(a -> new ReadResult.AbortedTransaction(a.producerId(), a.firstOffset()))
                .toList();
    }

    /** Why a follower with this report cannot go on where it is; empty if it can. */
    Optional<ReadResult> compareFollower(FollowerReport report, int leaderEpoch) {
        if (report.leaderEpoch() < leaderEpoch) {
            return Optional.of(new ReadResult.FencedLeaderEpoch());
        }
        if (report.leaderEpoch() > leaderEpoch) {
            return Optional.of(new ReadResult.UnknownLeaderEpoch());
        }
        long watermarkUnknown = -1;
        ReadResult outOfRange =
                new ReadResult.OffsetOutOfRange(watermarkUnknown, log.logStartOffset());
        if (report.lastFetchedEpoch().isPresent()) {
            int fetched = report.lastFetchedEpoch().getAsInt();
            Optional<LeaderEpochEnd> end = log.endOffsetFor(fetched);
            if (end.isEmpty() || report.fetchOffset() < log.logStartOffset()) {
                return Optional.of(outOfRange);
            }
            if (end.get().leaderEpoch() < fetched || end.get().endOffset() < report.fetchOffset()) {
                return Optional.of(
                        new ReadResult.Diverging(end.get().leaderEpoch(), end.get().endOffset()));
            }
        }
        boolean within =
                report.fetchOffset() >= log.logStartOffset()
                        && report.fetchOffset() <= log.end().offset();
        return within ? Optional.empty() : Optional.of(outOfRange);
    }

    Optional<OffsetAndTimestamp> findByTimestamp(long timestamp, long belowOffset) {
        try {
            return log.findByTimestamp(timestamp, belowOffset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Optional<OffsetAndTimestamp> maxTimestamp(long belowOffset) {
        try {
            return log.maxTimestamp(belowOffset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
