package io.penstock.broker.replication;

/** A partition that a fetcher copies in one leader epoch. Belongs to the fetcher's scheduler. */
final class FollowedReplica {

    private static final long NOT_SENT = Long.MAX_VALUE;

    private final LocalPartition partition;
    private final int leaderEpoch;
    private long askedFrom;
    private long sentIn = NOT_SENT;
    private int failures;
    private boolean pausing;
    private boolean awaitsDisk;
    private volatile long lag;

    FollowedReplica(LocalPartition partition, int leaderEpoch) {
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
    }

    LocalPartition partition() {
        return partition;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** The offset that the leader is, or is going to be, asked for. */
    long askedFrom() {
        return askedFrom;
    }

    void wants(long offset) {
        askedFrom = offset;
        sentIn = NOT_SENT;
    }

    void sent(long request) {
        sentIn = request;
    }

    /** Whether the answer to the request knows what was asked last. */
    boolean isAnsweredBy(long request) {
        return !pausing && sentIn <= request;
    }

    void succeeded() {
        failures = 0;
    }

    /** The number of failures in a row. */
    int failed() {
        return ++failures;
    }

    void pauses() {
        pausing = true;
    }

    void goesOn() {
        pausing = false;
    }

    boolean isPausing() {
        return pausing;
    }

    /** Whether somebody will say when its log is on disk as far as is to be told. */
    boolean awaitsDisk() {
        return awaitsDisk;
    }

    void awaitDisk(boolean awaits) {
        awaitsDisk = awaits;
    }

    void behind(long records) {
        lag = Math.max(0, records);
    }

    long lag() {
        return lag;
    }
}
