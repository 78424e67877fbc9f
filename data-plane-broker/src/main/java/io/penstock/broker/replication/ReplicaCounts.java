package io.penstock.broker.replication;

/**
 * The replicas of a partition, in numbers.
 *
 * @param minimum min.insync.replicas, no more than there are replicas
 */
public record ReplicaCounts(int replicas, int inSync, int minimum) {

    public boolean isUnderReplicated() {
        return inSync < replicas;
    }

    public boolean isUnderMinimum() {
        return inSync < minimum;
    }

    public boolean isAtMinimum() {
        return inSync == minimum;
    }
}
