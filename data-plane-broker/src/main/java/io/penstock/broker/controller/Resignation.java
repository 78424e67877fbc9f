package io.penstock.broker.controller;

import io.penstock.broker.metadata.PartitionState;

import java.util.HashSet;
import java.util.Set;

/**
 * A member of the in-sync replicas asks to leave them, and to lead no more, because its disk takes
 * nothing (KIP-112). It is the one change of that set that need not come from the leader: all who
 * stay hold what they held, and the leader counts it when the metadata shows it (I3). The member
 * comes back as everybody else does, when the leader sees it catch up.
 */
final class Resignation {

    private Resignation() {}

    /** Whether the proposer leaves and everybody else stays; the last one cannot leave. */
    static boolean isAsked(PartitionState state, int proposer, Set<Integer> members) {
        Set<Integer> others = new HashSet<>(state.inSync());
        return others.remove(proposer) && !others.isEmpty() && others.equals(members);
    }
}
