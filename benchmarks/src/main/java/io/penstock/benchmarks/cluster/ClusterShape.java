package io.penstock.benchmarks.cluster;

/**
 * What a scenario needs to run against.
 *
 * @param controllers of a side whose controllers are processes of their own; with one broker and
 *     one controller KRaft runs both in one process, its leanest form
 * @param secured clients use TLS with SCRAM, brokers mutual TLS among themselves
 */
public record ClusterShape(int brokers, int controllers, boolean secured) {

    public static final ClusterShape ONE_BROKER = new ClusterShape(1, 1, false);
    public static final ClusterShape THREE_BROKERS = new ClusterShape(3, 1, false);

    public ClusterShape withTls() {
        return new ClusterShape(brokers, controllers, true);
    }

    public ClusterShape withControllers(int count) {
        return new ClusterShape(brokers, count, secured);
    }

    public short replicationFactor() {
        return (short) Math.min(3, brokers);
    }

    int minimumInSyncReplicas() {
        return brokers >= 3 ? 2 : 1;
    }
}
