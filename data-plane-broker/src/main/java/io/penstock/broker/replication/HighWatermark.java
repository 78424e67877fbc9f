package io.penstock.broker.replication;

import io.penstock.broker.log.LogPosition;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Up to where a replica's records are known to be committed, and where that is in its log. Read by
 * anybody; changed under the partition's lock.
 */
final class HighWatermark {

    private final ReplicaLog log;
    private volatile LogPosition position;

    /**
     * @param checkpointed as it was last written down
     */
    HighWatermark(ReplicaLog log, long checkpointed) {
        this.log = log;
        long offset = Math.min(Math.max(log.logStartOffset(), checkpointed), log.end().offset());
        try {
            position = log.positionOf(offset);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log.onHighWatermark(offset);
    }

    LogPosition position() {
        return position;
    }

    long offset() {
        return position.offset();
    }

    /** Below it is what a reader of committed transactions may see. */
    long lastStableOffset() {
        return Math.min(log.firstUnstableOffset(), offset());
    }

    /** Moves up to the offset, which is not past the log's end; never down. */
    void raise(long offset) throws IOException {
        if (offset > position.offset()) {
            LogPosition end = log.end();
            position = offset == end.offset() ? end : log.positionOf(offset);
            log.onHighWatermark(offset);
        }
    }

    /** The log was cut, perhaps below. */
    void cutToEnd() {
        LogPosition end = log.end();
        if (position.offset() > end.offset()) {
            position = end;
        }
    }

    /** The log begins anew at its end. */
    void restart() {
        position = log.end();
    }
}
