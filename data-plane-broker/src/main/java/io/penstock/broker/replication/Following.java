package io.penstock.broker.replication;

import io.penstock.broker.metadata.ClusterImage;

/** Told, on one scheduler and in order, what this broker has to copy, and from whom. */
interface Following extends AutoCloseable {

    /** To be called before the partitions of an image: it says where the brokers are. */
    void onImage(ClusterImage image);

    void follow(LocalPartition partition, int leader, int leaderEpoch);

    /** Harmless when the partition is not followed. */
    void unfollow(LocalPartition partition);

    /** Records that the followed partition furthest behind has yet to copy; any thread. */
    long largestLag();

    @Override
    void close();
}
