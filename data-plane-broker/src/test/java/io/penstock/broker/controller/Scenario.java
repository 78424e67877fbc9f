package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A controller without ZooKeeper: what it decides is committed at once. */
final class Scenario {

    private final ControllerCore core;
    private final Map<Integer, BrokerRegistration> live = new TreeMap<>();
    private final Map<Integer, Long> lastEpochs = new HashMap<>();
    private long lastEpoch = 100;
    private ClusterImage image = ClusterImage.EMPTY;

    Scenario(Map<String, String> brokerProperties) {
        this.core = new ControllerCore(brokerProperties, new Random(7), Uuid::randomUuid);
    }

    static Scenario of(int... brokers) {
        Scenario scenario = new Scenario(Map.of());
        for (int id : brokers) {
            scenario.starts(id, StopKind.CLEAN);
        }
        return scenario;
    }

    ClusterImage image() {
        return image;
    }

    Collection<Integer> registered() {
        return List.copyOf(live.keySet());
    }

    long epochOf(int broker) {
        return live.get(broker).epoch();
    }

    PartitionState partition(String topic, int index) {
        return image.partition(topic, index).orElseThrow();
    }

    /** The broker registers in a new epoch, though the old one may never have been seen to end. */
    void starts(int id, StopKind stop) {
        startsInRack(id, stop, Optional.empty());
    }

    void startsInRack(int id, StopKind stop, Optional<String> rack) {
        long previous = lastEpochs.getOrDefault(id, BrokerRegistration.NO_EPOCH);
        registers(id, nextIncarnation(), rack, List.of(stopOf(previous, stop)));
    }

    void starts(int id, StopKind stop, long previousEpoch) {
        starts(id, stopOf(previousEpoch, stop));
    }

    /**
     * @param stops of the processes before, the newest first
     */
    void starts(int id, PreviousStop... stops) {
        registers(id, nextIncarnation(), Optional.empty(), List.of(stops));
    }

    /** The same process, whose session has expired. */
    void registersAnew(int id, long previousEpoch) {
        Uuid incarnation = image.lastRegistration(id).orElseThrow().incarnation();
        ++lastEpoch;
        PreviousStop stop = stopOf(previousEpoch, StopKind.PROCESS);
        registers(id, incarnation, Optional.empty(), List.of(stop));
    }

    static PreviousStop stopOf(long epoch, StopKind kind) {
        return new PreviousStop(epoch, Uuid.ZERO_UUID, kind);
    }

    private Uuid nextIncarnation() {
        return new Uuid(1, ++lastEpoch);
    }

    private void registers(
            int id, Uuid incarnation, Optional<String> rack, List<PreviousStop> stops) {
        lastEpochs.put(id, lastEpoch);
        live.put(
                id,
                new BrokerRegistration(id, lastEpoch, incarnation, List.of(), rack, false, stops));
        decide(new ControllerEvent.BrokersRegistered(Map.copyOf(live)));
    }

    /** Registrations end, seen in one look. */
    void goes(Integer... ids) {
        live.keySet().removeAll(List.of(ids));
        decide(new ControllerEvent.BrokersRegistered(Map.copyOf(live)));
    }

    /** The same registrations are seen once more. */
    void looksAgain() {
        decide(new ControllerEvent.BrokersRegistered(Map.copyOf(live)));
    }

    void isFenced(int id) {
        decide(new ControllerEvent.BrokerFenced(id, epochOf(id)));
    }

    void stops(int id) {
        decide(new ControllerEvent.BrokerStopping(id, epochOf(id)));
    }

    List<MetadataRecord> decide(ControllerEvent event) {
        return commit(core.decide(image, event)).records();
    }

    ApiMessage ask(ApiKeys apiKey, int version, ApiMessage request) {
        var event = new ControllerEvent.Administration(apiKey, (short) version, request);
        return commit(core.decide(image, event)).reply().orElseThrow();
    }

    private Decision commit(Decision decision) {
        StreamPosition next = new StreamPosition(1, image.position().sequence() + 1);
        image = ClusterImages.apply(image, decision.records(), next);
        return decision;
    }

    /** One partition for each list of replicas. */
    Scenario topic(String name, Map<String, String> configs, List<List<Integer>> replicas) {
        CreatableTopic topic =
                new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(-1)
                        .setReplicationFactor((short) -1);
        for (int i = 0; i < replicas.size(); i++) {
            topic.assignments()
                    .add(
                            new CreatableReplicaAssignment()
                                    .setPartitionIndex(i)
                                    .setBrokerIds(replicas.get(i)));
        }
        configs.forEach(
                (key, value) ->
                        topic.configs()
                                .add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        var response = (CreateTopicsResponseData) ask(ApiKeys.CREATE_TOPICS, 7, request);
        requireNone(response.topics().find(name).errorCode());
        return this;
    }

    Scenario topic(String name, int minInSync, Integer... replicas) {
        return topic(
                name,
                Map.of("min.insync.replicas", Integer.toString(minInSync)),
                List.of(List.of(replicas)));
    }

    void setConfig(ConfigResource.Type type, String resource, String key, String value) {
        AlterConfigsResource entry =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(resource);
        entry.configs()
                .add(
                        new AlterableConfig()
                                .setName(key)
                                .setConfigOperation(OpType.SET.id())
                                .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(entry);
        ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
    }

    /** As the leader proposes it that knows the committed state and everybody's epoch. */
    Errors proposes(String topic, int index, Integer... members) {
        return proposes(topic, index, proposal(topic, index, members));
    }

    Errors proposes(String topic, int index, AlterPartitionRequestData.PartitionData proposal) {
        int leader = partition(topic, index).leader();
        return proposes(leader, epochOf(leader), topic, proposal);
    }

    Errors proposes(
            int broker,
            long brokerEpoch,
            String topic,
            AlterPartitionRequestData.PartitionData proposal) {
        AlterPartitionResponseData response = proposed(broker, brokerEpoch, topic, proposal);
        return Errors.forCode(
                response.errorCode() != Errors.NONE.code()
                        ? response.errorCode()
                        : response.topics().getFirst().partitions().getFirst().errorCode());
    }

    AlterPartitionResponseData proposed(
            int broker,
            long brokerEpoch,
            String topic,
            AlterPartitionRequestData.PartitionData proposal) {
        AlterPartitionRequestData request =
                new AlterPartitionRequestData()
                        .setBrokerId(broker)
                        .setBrokerEpoch(brokerEpoch)
                        .setTopics(
                                List.of(
                                        new AlterPartitionRequestData.TopicData()
                                                .setTopicId(image.topics().get(topic).id())
                                                .setPartitions(List.of(proposal))));
        return (AlterPartitionResponseData) ask(ApiKeys.ALTER_PARTITION, 3, request);
    }

    AlterPartitionRequestData.PartitionData proposal(String topic, int index, Integer... members) {
        PartitionState state = partition(topic, index);
        Map<Integer, Long> epochs = new HashMap<>();
        image.brokers().forEach((id, broker) -> epochs.put(id, broker.epoch()));
        return new AlterPartitionRequestData.PartitionData()
                .setPartitionIndex(index)
                .setLeaderEpoch(state.leaderEpoch())
                .setPartitionEpoch(state.partitionEpoch())
                .setNewIsrWithEpochs(
                        List.of(members).stream()
                                .map(
                                        id ->
                                                new BrokerState()
                                                        .setBrokerId(id)
                                                        .setBrokerEpoch(
                                                                epochs.getOrDefault(id, 1L)))
                                .toList());
    }

    private static void requireNone(short error) {
        if (error != Errors.NONE.code()) {
            throw Errors.forCode(error).exception();
        }
    }
}
