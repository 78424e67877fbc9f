package io.penstock.broker.replication;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** How a partition's leader asks for other in-sync replicas, and hears what became of it. */
final class InSyncPart {

    private static final Logger LOG = LoggerFactory.getLogger(InSyncPart.class);

    private final LocalPartition partition;
    private final PartitionContext context;

    InSyncPart(LocalPartition partition, PartitionContext context) {
        this.partition = partition;
        this.context = context;
    }

    /** Time has passed, or brokers came or went: whether other in-sync replicas are wanted. */
    boolean reconsider() {
        return whileLeading(
                        (leader, now) ->
                                leader.wantsChange(
                                        partition.logEndOffset(),
                                        partition.highWatermark(),
                                        context.brokers(),
                                        now))
                .orElse(false);
    }

    /** The change that the followers' progress calls for; from then on it counts. */
    Optional<InSyncProposal> propose() {
        return whileLeading(this::propose).flatMap(proposal -> proposal);
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
        return partition.whileLeading(
                leader -> work.apply(leader, context.clock().monotonicNanos()));
    }
}
