package io.penstock.broker.replication;

import org.apache.kafka.common.Uuid;

import java.util.List;

/**
 * In-sync replicas that a leader asks the controller for, or a member that cannot go on.
 *
 * @param partitionEpoch of the state that it changes; another one refuses it
 * @param committed what it is to replace
 */
record InSyncProposal(
        LocalPartition partition,
        Uuid topicId,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> committed,
        List<Member> members) {

    /** A replica and the epoch of the registration in which it is in sync; -1 if unknown. */
    record Member(int brokerId, long brokerEpoch) {}

    boolean grows() {
        return members.stream().anyMatch(member -> !committed.contains(member.brokerId()));
    }

    boolean shrinks() {
        return committed.stream()
                .anyMatch(id -> members.stream().noneMatch(member -> member.brokerId() == id));
    }
}
