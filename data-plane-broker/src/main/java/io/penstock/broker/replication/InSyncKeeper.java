package io.penstock.broker.replication;

import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionRequestData.TopicData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks the controller for the in-sync replicas that this broker's partitions want: those of all
 * partitions together, one request at a time. What the controller committed comes with the
 * metadata; its reply only says that the question is no longer open.
 */
final class InSyncKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InSyncKeeper.class);
    private static final short VERSION = 3;
    private static final long ANSWER_LIMIT_MILLIS = 10_000;

    /**
     * A newer state is committed, perhaps one with those proposed: they count until the metadata
     * shows it.
     */
    private static final Set<Errors> OVERTAKEN =
            EnumSet.of(
                    Errors.NEW_LEADER_ELECTED,
                    Errors.FENCED_LEADER_EPOCH,
                    Errors.INVALID_UPDATE_VERSION);

    /** A little longer than the pause that a partition keeps after each outcome. */
    private static final Duration NEXT_LOOK = Duration.ofMillis(1_050);

    private final ReplicationSurroundings surroundings;
    private final Collection<LocalPartition> partitions;
    private final OwnPulse pulse;
    private final Scheduler scheduler;
    private final Set<LocalPartition> wanting = ConcurrentHashMap.newKeySet();
    private final AtomicLong shrinks = new AtomicLong();
    private final AtomicLong expands = new AtomicLong();
    private boolean asking;

    /**
     * @param partitions this broker's, as they are at the time of each look
     * @param pulse beats with each look that is due
     */
    InSyncKeeper(
            ReplicationSurroundings surroundings,
            Collection<LocalPartition> partitions,
            OwnPulse pulse) {
        this.surroundings = surroundings;
        this.pulse = pulse;
        this.partitions = partitions;
        this.scheduler = surroundings.schedulers().create("in-sync-replicas");
    }

    /** Begins to look for followers that lag or are silent, and for a lapsed lease. */
    void start() {
        pulse.beat(surroundings.clock().monotonicNanos());
        lookAgain();
        watchLease();
    }

    private void lookAgain() {
        scheduler.schedule(
                surroundings.settings().lookInterval(),
                () -> {
                    pulse.beat(surroundings.clock().monotonicNanos());
                    look();
                    lookAgain();
                });
    }

    /** Begins to watch the lease for producers that wait at a leader with a successor. */
    private void watchLease() {
        scheduler.schedule(
                surroundings.settings().silence().dividedBy(3),
                () -> {
                    if (!surroundings.lease().isHeld()) {
                        partitions.forEach(p -> p.leader().reconsiderProducers());
                    }
                    watchLease();
                });
    }

    /** A partition has reason to ask; any thread, also under the partition's lock. */
    void wanted(LocalPartition partition) {
        if (wanting.add(partition)) {
            scheduler.execute(this::ask);
        }
    }

    /** Something changed that all partitions' wishes may depend on. */
    void lookAtAll() {
        scheduler.execute(this::look);
    }

    long shrinks() {
        return shrinks.get();
    }

    long expands() {
        return expands.get();
    }

    private void look() {
        for (LocalPartition partition : partitions) {
            if (partition.inSync().reconsider()) {
                wanting.add(partition);
            }
        }
        ask();
    }

    private void ask() {
        if (asking || wanting.isEmpty()) {
            return;
        }
        List<LocalPartition> asked = List.copyOf(wanting);
        asked.forEach(wanting::remove);
        List<InSyncProposal> proposals = new ArrayList<>();
        asked.forEach(partition -> partition.inSync().propose().ifPresent(proposals::add));
        if (proposals.isEmpty()) {
            return;
        }
        asking = true;
        surroundings
                .controller()
                .submit(ApiKeys.ALTER_PARTITION, VERSION, request(proposals), ANSWER_LIMIT_MILLIS)
                .whenComplete(
                        (reply, failure) ->
                                scheduler.execute(() -> answered(proposals, reply, failure)));
    }

    private AlterPartitionRequestData request(List<InSyncProposal> proposals) {
        AlterPartitionRequestData request =
                new AlterPartitionRequestData()
                        .setBrokerId(surroundings.self())
                        .setBrokerEpoch(surroundings.brokerEpoch().getAsLong());
        Map<Uuid, TopicData> topics = new HashMap<>();
        for (InSyncProposal proposal : proposals) {
            TopicData topic =
                    topics.computeIfAbsent(
                            proposal.topicId(),
                            id -> {
                                TopicData fresh = new TopicData().setTopicId(id);
                                request.topics().add(fresh);
                                return fresh;
                            });
            List<BrokerState> members = new ArrayList<>();
            for (InSyncProposal.Member member : proposal.members()) {
                long epoch =
                        member.brokerId() == surroundings.self()
                                ? request.brokerEpoch()
                                : member.brokerEpoch();
                members.add(new BrokerState().setBrokerId(member.brokerId()).setBrokerEpoch(epoch));
            }
            topic.partitions()
                    .add(
                            new AlterPartitionRequestData.PartitionData()
                                    .setPartitionIndex(
                                            proposal.partition().topicPartition().partition())
                                    .setLeaderEpoch(proposal.leaderEpoch())
                                    .setPartitionEpoch(proposal.partitionEpoch())
                                    .setNewIsrWithEpochs(members));
        }
        return request;
    }

    private void answered(List<InSyncProposal> proposals, ApiMessage reply, Throwable failure) {
        asking = false;
        if (failure != null) {
            LOG.info("no answer to {} proposals: {}", proposals.size(), failure.toString());
            proposals.forEach(this::unanswered);
        } else {
            AlterPartitionResponseData response = (AlterPartitionResponseData) reply;
            Map<Uuid, Map<Integer, AlterPartitionResponseData.PartitionData>> byTopic =
                    new HashMap<>();
            for (var topic : response.topics()) {
                var answers = byTopic.computeIfAbsent(topic.topicId(), id -> new HashMap<>());
                topic.partitions().forEach(p -> answers.put(p.partitionIndex(), p));
            }
            Errors all = Errors.forCode(response.errorCode());
            for (InSyncProposal proposal : proposals) {
                var answer =
                        byTopic.getOrDefault(proposal.topicId(), Map.of())
                                .get(proposal.partition().topicPartition().partition());
                if (all != Errors.NONE) {
                    refused(proposal, all);
                } else if (answer == null) {
                    unanswered(proposal);
                } else {
                    answered(proposal, answer);
                }
            }
        }
        ask();
    }

    private void answered(
            InSyncProposal proposal, AlterPartitionResponseData.PartitionData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (OVERTAKEN.contains(error)) {
            LOG.debug("{}: {}", proposal.partition().topicPartition(), error);
            return;
        }
        if (error != Errors.NONE) {
            refused(proposal, error);
            return;
        }
        // The state that was committed comes with the metadata; until then the proposal is open.
        if (proposal.grows()) {
            expands.incrementAndGet();
        }
        if (proposal.shrinks()) {
            shrinks.incrementAndGet();
        }
    }

    private void refused(InSyncProposal proposal, Errors error) {
        LOG.info(
                "{}: the controller refuses in sync {}: {}",
                proposal.partition().topicPartition(),
                proposal.members(),
                error);
        proposal.partition()
                .inSync()
                .settle(proposal, (leader, now) -> leader.refused(proposal.partitionEpoch(), now));
        lookLater(proposal.partition());
    }

    private void unanswered(InSyncProposal proposal) {
        proposal.partition()
                .inSync()
                .settle(
                        proposal,
                        (leader, now) -> leader.unanswered(proposal.partitionEpoch(), now));
        lookLater(proposal.partition());
    }

    private void lookLater(LocalPartition partition) {
        scheduler.schedule(
                NEXT_LOOK,
                () -> {
                    if (partition.inSync().reconsider()) {
                        wanted(partition);
                    }
                });
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
