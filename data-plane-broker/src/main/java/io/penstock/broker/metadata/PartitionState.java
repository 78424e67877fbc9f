package io.penstock.broker.metadata;

import java.util.List;

/**
 * What the controller committed about one partition.
 *
 * @param replicas broker ids in order of preference
 * @param inSync members of the in-sync replica set (ISR)
 * @param eligible members of the eligible leader replica set (ELR, KIP-966): outside the ISR, but
 *     complete, because the leader's high watermark stands still while there are any
 * @param adding replicas that a reassignment adds
 * @param removing replicas that a reassignment removes
 * @param leader broker id, or {@link #NO_LEADER}
 * @param leaderEpoch bumped with every election
 * @param partitionEpoch bumped with every change of this state
 * @param lastLeader the leader or, while there is none, who led last: the replica to look for when
 *     nobody else may be elected
 */
public record PartitionState(
        List<Integer> replicas,
        List<Integer> inSync,
        List<Integer> eligible,
        List<Integer> adding,
        List<Integer> removing,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        int lastLeader) {

    public static final int NO_LEADER = -1;

    public PartitionState {
        if (leader != NO_LEADER && lastLeader != leader) {
            throw new IllegalArgumentException(
                    "broker " + leader + " leads, but the last leader is " + lastLeader);
        }
    }

    /** The leader, if any, is the last one too. */
    public PartitionState(
            List<Integer> replicas,
            List<Integer> inSync,
            List<Integer> eligible,
            List<Integer> adding,
            List<Integer> removing,
            int leader,
            int leaderEpoch,
            int partitionEpoch) {
        this(
                replicas,
                inSync,
                eligible,
                adding,
                removing,
                leader,
                leaderEpoch,
                partitionEpoch,
                leader);
    }

    /** Whether replicas are on their way to other brokers (KIP-455). */
    public boolean isReassigning() {
        return !adding.isEmpty() || !removing.isEmpty();
    }

    /** The same, but a proposal about the present state is void from then on. */
    public PartitionState withNextPartitionEpoch() {
        return new PartitionState(
                replicas,
                inSync,
                eligible,
                adding,
                removing,
                leader,
                leaderEpoch,
                partitionEpoch + 1,
                lastLeader);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }
}
