package io.penstock.broker.replication;

/** What this broker is to one partition. Changes on the partition's lock. */
sealed interface ReplicaRole {

    /** The leader epoch that this role belongs to, or -1. */
    int epoch();

    /** This broker leads. */
    record Leader(LeaderState state) implements ReplicaRole {
        @Override
        public int epoch() {
            return state.epoch();
        }
    }

    /** Another broker leads. */
    record Follower(int epoch, int leader) implements ReplicaRole {}

    /** No broker leads, or this one has not heard yet who does. */
    record Leaderless(int epoch) implements ReplicaRole {}

    /** The partition is gone from this broker. */
    record Removed() implements ReplicaRole {
        @Override
        public int epoch() {
            return -1;
        }
    }
}
