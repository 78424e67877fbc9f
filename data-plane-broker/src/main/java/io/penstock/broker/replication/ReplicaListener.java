package io.penstock.broker.replication;

/**
 * Told, on any thread and outside all locks, that something of a partition changed that a follower
 * has to hear of.
 */
interface ReplicaListener {

    /** There are more records: to be told soon. */
    void onRecords();

    /** The role or the log start changed: to be told at once. */
    void onNews();

    /** Only the high watermark moved. */
    void onHighWatermark();
}
