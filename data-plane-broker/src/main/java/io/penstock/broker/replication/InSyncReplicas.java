package io.penstock.broker.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The in-sync replicas of a partition as its leader must count them.
 *
 * <p>What the leader proposes may be committed at any moment from then on, and be trusted by an
 * election, before the leader hears of it. So until the controller's state or a refusal says
 * otherwise the high watermark counts the <em>maximal</em> set: what is committed and all that was
 * proposed since. No answer is no refusal: after one, only a newer committed state ends the doubt.
 *
 * @param committed what the controller committed, self included
 * @param eligible members of the eligible leader replica set (KIP-966)
 * @param partitionEpoch of the committed state; a proposal for it is void after the next
 * @param maximal committed and proposed members
 * @param underWay whether a proposal awaits its answer, or its answer the image that shows it
 * @param doubtful whether a proposal without an answer may still be committed
 * @param notBeforeNanos when the next proposal may be made
 */
record InSyncReplicas(
        List<Integer> committed,
        List<Integer> eligible,
        int partitionEpoch,
        List<Integer> maximal,
        boolean underWay,
        boolean doubtful,
        long notBeforeNanos) {

    static InSyncReplicas committed(
            Collection<Integer> committed,
            Collection<Integer> eligible,
            int partitionEpoch,
            long nowNanos) {
        List<Integer> members = List.copyOf(committed);
        return new InSyncReplicas(
                members, List.copyOf(eligible), partitionEpoch, members, false, false, nowNanos);
    }

    boolean mayPropose(long nowNanos) {
        return !underWay && nowNanos - notBeforeNanos >= 0;
    }

    InSyncReplicas propose(Collection<Integer> wanted) {
        List<Integer> union = new ArrayList<>(maximal);
        wanted.stream().filter(replica -> !union.contains(replica)).forEach(union::add);
        return with(List.copyOf(union), true, doubtful, notBeforeNanos);
    }

    /** The controller did nothing. An earlier proposal without an answer may stand yet. */
    InSyncReplicas refused(long nextNanos) {
        return with(doubtful ? maximal : committed, false, doubtful, nextNanos);
    }

    InSyncReplicas unanswered(long nextNanos) {
        return with(maximal, false, true, nextNanos);
    }

    private InSyncReplicas with(
            List<Integer> newMaximal, boolean nowUnderWay, boolean nowDoubtful, long nextNanos) {
        return new InSyncReplicas(
                committed,
                eligible,
                partitionEpoch,
                newMaximal,
                nowUnderWay,
                nowDoubtful,
                nextNanos);
    }
}
