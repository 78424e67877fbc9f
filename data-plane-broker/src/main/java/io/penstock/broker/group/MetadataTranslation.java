package io.penstock.broker.group;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metadata.UnregisterBrokerRecord;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What changed between two images, as the records that the coordinator's metadata is made of. It
 * uses topics, ids, partition counts, replicas and racks; nothing else is told.
 */
final class MetadataTranslation {

    private MetadataTranslation() {}

    /** Records that lead from one image to the next, in an order in which they can be replayed. */
    static List<ApiMessage> records(ClusterImage previous, ClusterImage next) {
        List<ApiMessage> records = new ArrayList<>();
        brokers(previous, next, records);
        removals(previous, next, records);
        for (TopicState topic : next.topics().values()) {
            topic(previous.topic(topic.id()).orElse(null), topic, records);
        }
        return records;
    }

    private static void brokers(
            ClusterImage previous, ClusterImage next, List<ApiMessage> records) {
        for (BrokerRegistration broker : previous.brokers().values()) {
            if (!next.brokers().containsKey(broker.id())) {
                records.add(
                        new UnregisterBrokerRecord()
                                .setBrokerId(broker.id())
                                .setBrokerEpoch(broker.epoch()));
            }
        }
        for (BrokerRegistration broker : next.brokers().values()) {
            if (!broker.equals(previous.brokers().get(broker.id()))) {
                records.add(
                        new RegisterBrokerRecord()
                                .setBrokerId(broker.id())
                                .setBrokerEpoch(broker.epoch())
                                .setIncarnationId(broker.incarnation())
                                .setRack(broker.rack().orElse(null))
                                .setFenced(broker.fenced()));
            }
        }
    }

    private static void removals(
            ClusterImage previous, ClusterImage next, List<ApiMessage> records) {
        for (Uuid id : previous.topicNames().keySet()) {
            if (!next.topicNames().containsKey(id)) {
                records.add(new RemoveTopicRecord().setTopicId(id));
            }
        }
    }

    private static void topic(TopicState previous, TopicState next, List<ApiMessage> records) {
        if (next.equals(previous)) {
            return;
        }
        if (previous == null) {
            records.add(new TopicRecord().setName(next.name()).setTopicId(next.id()));
        }
        for (int partition = 0; partition < next.partitions().size(); partition++) {
            PartitionState state = next.partitions().get(partition);
            boolean isKnown =
                    previous != null
                            && partition < previous.partitions().size()
                            && previous.partitions()
                                    .get(partition)
                                    .replicas()
                                    .equals(state.replicas());
            if (!isKnown) {
                records.add(partition(next.id(), partition, state));
            }
        }
    }

    private static PartitionRecord partition(Uuid topic, int partition, PartitionState state) {
        return new PartitionRecord()
                .setTopicId(topic)
                .setPartitionId(partition)
                .setReplicas(state.replicas())
                .setIsr(state.inSync())
                .setLeader(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setPartitionEpoch(state.partitionEpoch())
                .setDirectories(Collections.nCopies(state.replicas().size(), Uuid.ZERO_UUID));
    }
}
