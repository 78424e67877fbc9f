package io.penstock.broker.replication;

import io.penstock.broker.metadata.PartitionState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * How a partition's leader asks for other in-sync replicas, and hears what became of it; and how
 * any member of them asks to leave when its disk takes nothing more. Belongs to the keeper's
 * scheduler.
 */
final class InSyncPart {

    private static final Logger LOG = LoggerFactory.getLogger(InSyncPart.class);

    private static final long RESIGN_AGAIN_NANOS = 1_000_000_000L;

    private final LocalPartition partition;
    private final PartitionContext context;
    private OptionalLong resignsAgainNanos = OptionalLong.empty();

    InSyncPart(LocalPartition partition, PartitionContext context) {
        this.partition = partition;
        this.context = context;
    }

    /** Time has passed, or brokers came or went: whether other in-sync replicas are wanted. */
    boolean reconsider() {
        return mustResign().isPresent() || leaderWantsChange();
    }

    private boolean leaderWantsChange() {
        return whileLeading(
                        (leader, now) ->
                                leader.wantsChange(
                                        partition.logEndOffset(),
                                        partition.highWatermark(),
                                        context.brokers(),
                                        now))
                .orElse(false);
    }

    /** The change that is called for, by this replica's disk or by the followers' progress. */
    Optional<InSyncProposal> propose() {
        return mustResign()
                .map(this::resignation)
                .or(() -> whileLeading(this::propose).flatMap(proposal -> proposal));
    }

    /** The state that this replica has to leave, as long as others are in sync too. */
    private Optional<PartitionState> mustResign() {
        return partition.cannotStore() && !hasJustResigned()
                ? partition
                        .committed()
                        .filter(state -> state.inSync().contains(context.self()))
                        .filter(state -> state.inSync().size() > 1)
                : Optional.empty();
    }

    /** Each refused append is a reason to ask; the answer takes its time. */
    private boolean hasJustResigned() {
        return resignsAgainNanos.isPresent()
                && context.clock().monotonicNanos() - resignsAgainNanos.getAsLong() < 0;
    }

    /** Nothing counts differently before the metadata shows that it was granted (I3). */
    private InSyncProposal resignation(PartitionState state) {
        resignsAgainNanos = OptionalLong.of(context.clock().monotonicNanos() + RESIGN_AGAIN_NANOS);
        List<InSyncProposal.Member> others =
                state.inSync().stream()
                        .filter(id -> id != context.self())
                        .map(id -> new InSyncProposal.Member(id, LeaderState.UNKNOWN_EPOCH))
                        .toList();
        LOG.warn(
                "{}: its disk takes nothing, asks to leave the in-sync replicas {}",
                partition.topicPartition(),
                state.inSync());
        return new InSyncProposal(
                partition,
                partition.topicId(),
                state.leaderEpoch(),
                state.partitionEpoch(),
                state.inSync(),
                others);
    }

    private Optional<InSyncProposal> propose(LeaderState leader, long nowNanos) {
        List<Integer> wanted =
                leader.propose(
                        partition.logEndOffset(),
                        partition.highWatermark(),
                        context.brokers(),
                        nowNanos);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        LOG.info(
                "{}: asks for in sync {} instead of {}",
                partition.topicPartition(),
                wanted,
                leader.committedInSync());
        List<InSyncProposal.Member> members =
                wanted.stream()
                        .map(
                                id ->
                                        new InSyncProposal.Member(
                                                id, leader.brokerEpochOf(id, context.brokers())))
                        .toList();
        return Optional.of(
                new InSyncProposal(
                        partition,
                        partition.topicId(),
                        leader.epoch(),
                        leader.partitionEpoch(),
                        leader.committedInSync(),
                        members));
    }

    /** Lets the leader that made the proposal know what became of it. */
    void settle(InSyncProposal proposal, BiConsumer<LeaderState, Long> outcome) {
        whileLeading(
                (leader, now) -> {
                    if (leader.epoch() == proposal.leaderEpoch()) {
                        outcome.accept(leader, now);
                    }
                    return true;
                });
    }

    private <T> Optional<T> whileLeading(BiFunction<LeaderState, Long, T> work) {
        return partition
                .leader()
                .whileLeading(leader -> work.apply(leader, context.clock().monotonicNanos()));
    }
}
