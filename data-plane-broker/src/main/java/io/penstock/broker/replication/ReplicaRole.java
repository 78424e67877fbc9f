package io.penstock.broker.replication;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What this broker is to one partition. Changes on the partition's lock. */
sealed interface ReplicaRole {

    /** The leader epoch that this role belongs to, or -1. */
    int epoch();

    /**
     * @param self this broker
     * @param inSync what the controller committed
     * @param minimumInSync least number of in-sync replicas that may commit, already no larger than
     *     the number of replicas
     * @param followerEnds log ends that followers reported in this epoch, by broker id
     */
    record Leader(
            int epoch,
            int self,
            List<Integer> inSync,
            int minimumInSync,
            Map<Integer, Long> followerEnds)
            implements ReplicaRole {

        boolean enoughInSync() {
            return inSync.size() >= minimumInSync;
        }

        /** The same leader after the controller committed another in-sync replica set. */
        Leader with(List<Integer> newInSync, int newMinimum) {
            return new Leader(epoch, self, newInSync, newMinimum, followerEnds);
        }

        /** The same leader after a follower reported how far it is. */
        Leader withFollower(int follower, long logEnd) {
            Map<Integer, Long> ends = new HashMap<>(followerEnds);
            ends.merge(follower, logEnd, Math::max);
            return new Leader(epoch, self, inSync, minimumInSync, Map.copyOf(ends));
        }

        /**
         * The offset that all in-sync replicas have reached. With fewer of them than the minimum it
         * stands still, so that those which left still hold every committed record (KIP-966).
         */
        long highWatermark(long logEnd, long present) {
            if (!enoughInSync()) {
                return present;
            }
            long lowest = logEnd;
            for (int replica : inSync) {
                if (replica != self) {
                    lowest = Math.min(lowest, followerEnds.getOrDefault(replica, present));
                }
            }
            return Math.max(present, lowest);
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
