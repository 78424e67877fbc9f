package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * In-sync replicas as their leaders propose them (KIP-497). A proposal counts only if it was made
 * about the very state that is committed, by the leader of that state, and if everyone in it is a
 * broker that lives in the epoch in which the leader knows it (KIP-841, KIP-903).
 */
final class InSyncDecisions {

    /** The leader has not heard the follower's epoch yet; enough for one to stay, not to join. */
    private static final long UNKNOWN_EPOCH = -1;

    private final ElectionRules.Source rules;

    InSyncDecisions(ElectionRules.Source rules) {
        this.rules = rules;
    }

    Decision alter(ClusterImage image, AlterPartitionRequestData request) {
        AlterPartitionResponseData response = new AlterPartitionResponseData();
        BrokerRegistration broker = image.brokers().get(request.brokerId());
        if (broker == null || broker.epoch() != request.brokerEpoch()) {
            return Decision.of(List.of(), response.setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
        }
        List<MetadataRecord> records = new ArrayList<>();
        for (AlterPartitionRequestData.TopicData topic : request.topics()) {
            var results = new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId());
            Set<Integer> seen = new HashSet<>();
            for (AlterPartitionRequestData.PartitionData proposal : topic.partitions()) {
                results.partitions()
                        .add(
                                seen.add(proposal.partitionIndex())
                                        ? decide(image, broker, results, proposal, records)
                                        : failed(proposal, Errors.INVALID_REQUEST));
            }
            response.topics().add(results);
        }
        return Decision.of(records, response);
    }

    private AlterPartitionResponseData.PartitionData decide(
            ClusterImage image,
            BrokerRegistration proposer,
            AlterPartitionResponseData.TopicData in,
            AlterPartitionRequestData.PartitionData proposal,
            List<MetadataRecord> records) {
        Optional<TopicState> topic = image.topic(in.topicId());
        if (topic.isEmpty()) {
            return failed(proposal, Errors.UNKNOWN_TOPIC_ID);
        }
        int index = proposal.partitionIndex();
        if (index < 0 || index >= topic.get().partitions().size()) {
            return failed(proposal, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionState state = topic.get().partitions().get(index);
        Errors refusal = refusal(image, state, proposer, proposal);
        if (refusal != Errors.NONE) {
            return failed(proposal, refusal);
        }
        // Also one that changes nothing ends the epoch: an earlier proposal of the same leader that
        // got no answer may still be on its way, and the leader counts on it no more (I3).
        PartitionState after =
                PartitionStep.of(state, rules.of(image, topic.get().name()))
                        .inSync(members(proposal))
                        .next()
                        .orElseGet(state::withNextPartitionEpoch);
        records.add(new MetadataRecord.PartitionChanged(topic.get().id(), index, after));
        return after.leaderEpoch() == state.leaderEpoch()
                ? succeeded(index, after)
                : failed(proposal, Errors.NEW_LEADER_ELECTED);
    }

    private static Errors refusal(
            ClusterImage image,
            PartitionState state,
            BrokerRegistration proposer,
            AlterPartitionRequestData.PartitionData proposal) {
        if (proposal.leaderEpoch() > state.leaderEpoch()
                || proposal.partitionEpoch() > state.partitionEpoch()) {
            return Errors.NOT_CONTROLLER;
        }
        if (proposal.leaderEpoch() < state.leaderEpoch()) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        Set<Integer> members = members(proposal);
        boolean resigns = Resignation.isAsked(state, proposer.id(), members);
        if (state.leader() != proposer.id() && !resigns) {
            return Errors.INVALID_REQUEST;
        }
        if (proposal.partitionEpoch() < state.partitionEpoch()) {
            return Errors.INVALID_UPDATE_VERSION;
        }
        if (members.size() != proposal.newIsrWithEpochs().size()
                || !resigns && !members.contains(state.leader())
                || !state.replicas().containsAll(members)) {
            return Errors.INVALID_REQUEST;
        }
        boolean allEligible =
                proposal.newIsrWithEpochs().stream().allMatch(m -> isEligible(image, state, m));
        return allEligible ? Errors.NONE : Errors.INELIGIBLE_REPLICA;
    }

    /**
     * A member that lost what it had leaves the ISR in the step that makes its new registration
     * known, so whoever is still a member may stay without its epoch.
     */
    private static boolean isEligible(
            ClusterImage image, PartitionState state, BrokerState member) {
        if (!ElectionRules.isLive(image, member.brokerId())) {
            return false;
        }
        boolean mayBeUnknown = state.inSync().contains(member.brokerId());
        return member.brokerEpoch() == image.brokers().get(member.brokerId()).epoch()
                || mayBeUnknown && member.brokerEpoch() == UNKNOWN_EPOCH;
    }

    private static Set<Integer> members(AlterPartitionRequestData.PartitionData proposal) {
        Set<Integer> members = new LinkedHashSet<>();
        proposal.newIsrWithEpochs().forEach(m -> members.add(m.brokerId()));
        return members;
    }

    private static AlterPartitionResponseData.PartitionData succeeded(
            int index, PartitionState state) {
        return new AlterPartitionResponseData.PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(Errors.NONE.code())
                .setLeaderId(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setIsr(state.inSync())
                .setPartitionEpoch(state.partitionEpoch());
    }

    private static AlterPartitionResponseData.PartitionData failed(
            AlterPartitionRequestData.PartitionData proposal, Errors error) {
        return new AlterPartitionResponseData.PartitionData()
                .setPartitionIndex(proposal.partitionIndex())
                .setErrorCode(error.code());
    }
}
