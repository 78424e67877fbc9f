package io.penstock.broker.controller;

import io.penstock.broker.metadata.PartitionState;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One step of a partition: what happened goes in, the next state comes out. Every change that the
 * controller makes to a partition is made here, so that each of them keeps the same rules.
 *
 * <p>The members of the ISR, and while it is below the minimum those of the ELR too, hold every
 * acknowledged record (I1). For that, a leader never moves its high watermark while the committed
 * ISR is below the minimum or the ELR is not empty (I3), and a replica enters either set by two
 * ways only: its leader proposes it for the ISR, or it leaves an ISR that thereby falls below the
 * minimum (KIP-966).
 */
final class PartitionStep {

    private final PartitionState before;
    private final ElectionRules rules;
    private List<Integer> replicas;
    private List<Integer> adding;
    private List<Integer> removing;
    private List<Integer> inSync;
    private Set<Integer> distrusted = Set.of();
    private boolean leaderUnseated;
    private boolean leaderEpochEnds;
    private boolean preferred;

    private PartitionStep(PartitionState before, ElectionRules rules) {
        this.before = before;
        this.rules = rules;
        this.replicas = before.replicas();
        this.adding = before.adding();
        this.removing = before.removing();
        this.inSync = before.inSync();
    }

    static PartitionStep of(PartitionState before, ElectionRules rules) {
        return new PartitionStep(before, rules);
    }

    /** The leader proposes these in-sync replicas. */
    PartitionStep inSync(Set<Integer> proposed) {
        inSync = List.copyOf(proposed);
        return this;
    }

    /** These brokers may have lost what they had. */
    PartitionStep distrusting(Set<Integer> brokers) {
        distrusted = brokers;
        return this;
    }

    /** The leader's process is another one than it was when it was elected. */
    PartitionStep leaderUnseated() {
        leaderUnseated = true;
        return this;
    }

    /** The first replica leads if it is in sync and lives. */
    PartitionStep preferringFirstReplica() {
        preferred = true;
        return this;
    }

    /** Replicas as a reassignment wants them at this moment; the present leader epoch ends. */
    PartitionStep assigned(List<Integer> all, List<Integer> added, List<Integer> removed) {
        leaderEpochEnds = !added.equals(before.adding()) || !removed.equals(before.removing());
        replicas = all;
        adding = added;
        removing = removed;
        return this;
    }

    /** The next state; empty when nothing changes. */
    Optional<PartitionState> next() {
        completeReassignment();
        List<Integer> trusted = ofReplicas(inSync).filter(this::isTrusted).toList();
        List<Integer> live = trusted.stream().filter(this::isLive).toList();
        List<Integer> members = live.isEmpty() ? trusted : live;
        boolean leaderStays =
                before.hasLeader() && !leaderUnseated && live.contains(before.leader());
        OptionalInt leader =
                leaderStays && !preferredCanLead(live)
                        ? OptionalInt.of(before.leader())
                        : live.stream().mapToInt(Integer::intValue).findFirst();
        List<Integer> eligible = eligible(members);
        if (leader.isEmpty()) {
            leader = firstOf(ofReplicas(before.eligible()).filter(this::isTrusted));
            boolean clean = leader.isPresent();
            if (!clean && rules.uncleanElection()) {
                leader = firstOf(uncleanCandidates());
            }
            if (leader.isPresent()) {
                members = List.of(leader.getAsInt());
                eligible = clean ? eligible(members) : List.of();
            }
        }
        return changed(members, eligible, leader.orElse(PartitionState.NO_LEADER));
    }

    /** Kafka 3.9's phase B: all of the target is in sync, and the others go (KIP-455). */
    private void completeReassignment() {
        boolean reassigning = !adding.isEmpty() || !removing.isEmpty();
        List<Integer> target = replicas.stream().filter(id -> !removing.contains(id)).toList();
        if (reassigning && inSync.containsAll(target)) {
            replicas = target;
            adding = List.of();
            removing = List.of();
            leaderEpochEnds = true;
        }
    }

    private Stream<Integer> ofReplicas(List<Integer> members) {
        return replicas.stream().filter(members::contains);
    }

    /** Of a single replica nobody else can know more: there is nothing better to wait for. */
    private boolean isTrusted(int id) {
        boolean single = replicas.size() - adding.size() == 1 && !adding.contains(id);
        return single || !distrusted.contains(id);
    }

    private boolean isLive(int id) {
        return rules.live().test(id);
    }

    private boolean preferredCanLead(List<Integer> live) {
        return preferred && live.contains(replicas.getFirst());
    }

    private OptionalInt firstOf(Stream<Integer> candidates) {
        return candidates.filter(this::isLive).mapToInt(Integer::intValue).findFirst();
    }

    private Stream<Integer> uncleanCandidates() {
        Stream<Integer> lastLeader = replicas.stream().filter(id -> id == before.lastLeader());
        Stream<Integer> complete = replicas.stream().filter(id -> !adding.contains(id));
        return Stream.concat(lastLeader, Stream.concat(complete, replicas.stream()));
    }

    /** Who holds all acknowledged records without being a member of this ISR. */
    private List<Integer> eligible(List<Integer> members) {
        if (members.size() >= Math.min(rules.minInSync(), replicas.size())) {
            return List.of();
        }
        Set<Integer> complete = new HashSet<>(before.inSync());
        complete.addAll(before.eligible());
        members.forEach(complete::remove);
        return replicas.stream().filter(complete::contains).filter(this::isTrusted).toList();
    }

    private Optional<PartitionState> changed(
            List<Integer> members, List<Integer> eligible, int leader) {
        boolean elected =
                leader != before.leader()
                        || leaderEpochEnds
                        || leaderUnseated && leader != PartitionState.NO_LEADER;
        boolean same =
                !elected
                        && replicas.equals(before.replicas())
                        && new HashSet<>(members).equals(new HashSet<>(before.inSync()))
                        && new HashSet<>(eligible).equals(new HashSet<>(before.eligible()));
        if (same) {
            return Optional.empty();
        }
        return Optional.of(
                new PartitionState(
                        replicas,
                        members,
                        eligible,
                        adding,
                        removing,
                        leader,
                        before.leaderEpoch() + (elected ? 1 : 0),
                        before.partitionEpoch() + 1,
                        leader == PartitionState.NO_LEADER ? before.lastLeader() : leader));
    }
}
