package io.penstock.broker.replication;

/**
 * Told, on any thread and outside all locks, that something of a partition changed that a follower
 * has to hear of.
 */
interface ReplicaListener {

    /** There are more records; they count for the pace in which followers are answered. */
    void onRecords();

    /** The role or the log start changed. */
    void onNews();

    /** Only the high watermark moved. */
    void onHighWatermark();
}
