package io.penstock.broker.log;

import java.util.concurrent.atomic.AtomicInteger;

/** How far the opening of a directory's logs is; any thread reads it. */
public final class RecoveryProgress {

    private final AtomicInteger logsLeft = new AtomicInteger();
    private final AtomicInteger segmentsLeft = new AtomicInteger();

    void plannedLogs(int logs) {
        logsLeft.addAndGet(logs);
    }

    void plannedSegments(int segments) {
        segmentsLeft.addAndGet(segments);
    }

    void segmentsDone(int segments) {
        segmentsLeft.addAndGet(-segments);
    }

    void logDone() {
        logsLeft.decrementAndGet();
    }

    /** Logs that are not open yet. */
    public int logsLeft() {
        return logsLeft.get();
    }

    /** Segments that were not closed cleanly and are still to be verified, of logs being opened. */
    public int segmentsLeft() {
        return segmentsLeft.get();
    }
}
