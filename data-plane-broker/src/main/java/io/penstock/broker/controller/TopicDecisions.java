package io.penstock.broker.controller;

import io.penstock.broker.config.TopicConfigDefinition;
import io.penstock.broker.config.TopicConfigDefinitions;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Topics made, grown and deleted. A request's topics are decided one after the other. */
final class TopicDecisions {

    private static final byte DYNAMIC_TOPIC_CONFIG = 1;
    private static final byte STATIC_BROKER_CONFIG = 4;
    private static final byte DEFAULT_CONFIG = 5;

    private final Map<String, String> brokerProperties;
    private final PartitionPlacement placement;
    private final Supplier<Uuid> ids;

    TopicDecisions(
            Map<String, String> brokerProperties, RandomGenerator random, Supplier<Uuid> ids) {
        this.brokerProperties = brokerProperties;
        this.ids = ids;
        this.placement = new PartitionPlacement(random);
    }

    Decision create(ClusterImage image, CreateTopicsRequestData request) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        request.topics().forEach(t -> addOnce(t.name(), seen, repeated));
        repeated.forEach(
                name ->
                        response.topics()
                                .add(
                                        failed(
                                                name,
                                                Refusal.of(
                                                        Errors.INVALID_REQUEST,
                                                        "the request names the topic twice"))));
        ClusterImage working = image;
        for (CreatableTopic topic : request.topics()) {
            if (repeated.contains(topic.name())) {
                continue;
            }
            try {
                Map<String, String> configs = configsOf(topic);
                TopicState created = plan(working, topic, configs);
                if (!request.validateOnly()) {
                    List<MetadataRecord> own = new ArrayList<>();
                    own.add(new MetadataRecord.TopicChanged(created));
                    if (!configs.isEmpty()) {
                        own.add(
                                new MetadataRecord.ConfigChanged(
                                        new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                                        configs));
                    }
                    records.addAll(own);
                    working = ClusterImages.apply(working, own, working.position());
                }
                response.topics().add(succeeded(created, configs));
            } catch (Refusal refusal) {
                response.topics().add(failed(topic.name(), refusal));
            }
        }
        return Decision.of(records, response);
    }

    private TopicState plan(ClusterImage image, CreatableTopic topic, Map<String, String> configs)
            throws Refusal {
        requireName(image, topic.name());
        List<String> problems = TopicConfigDefinitions.problems(configs);
        if (!problems.isEmpty()) {
            throw Refusal.of(Errors.INVALID_CONFIG, String.join("; ", problems));
        }
        List<List<Integer>> replicas;
        if (topic.assignments().isEmpty()) {
            int partitions =
                    topic.numPartitions() == -1
                            ? numberProperty("num.partitions", 1)
                            : topic.numPartitions();
            short factor =
                    topic.replicationFactor() == -1
                            ? (short) numberProperty("default.replication.factor", 1)
                            : topic.replicationFactor();
            replicas = placement.place(image, partitions, factor);
        } else {
            if (topic.numPartitions() != -1 || topic.replicationFactor() != -1) {
                throw Refusal.of(
                        Errors.INVALID_REQUEST,
                        "with a replica assignment, partitions and replication factor must be -1");
            }
            Map<Integer, List<Integer>> byIndex = new HashMap<>();
            topic.assignments().forEach(a -> byIndex.put(a.partitionIndex(), a.brokerIds()));
            replicas = PartitionPlacement.manual(image, byIndex);
        }
        TopicState planned = new TopicState(ids.get(), topic.name(), firstStates(image, replicas));
        TopicJson.requireSize(planned);
        return planned;
    }

    private static void requireName(ClusterImage image, String name) throws Refusal {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            throw Refusal.of(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
        if (image.topics().containsKey(name)) {
            throw Refusal.of(Errors.TOPIC_ALREADY_EXISTS, "topic '" + name + "' exists already");
        }
        if (Topic.hasCollisionChars(name)) {
            for (String existing : image.topics().keySet()) {
                if (Topic.hasCollision(name, existing)) {
                    throw Refusal.of(
                            Errors.INVALID_TOPIC_EXCEPTION,
                            "topic '"
                                    + name
                                    + "' would have the same metric name as '"
                                    + existing
                                    + "': '.' and '_' are not told apart there");
                }
            }
        }
    }

    private static List<PartitionState> firstStates(
            ClusterImage image, List<List<Integer>> replicas) {
        return replicas.stream().map(r -> firstState(image, r)).toList();
    }

    private static PartitionState firstState(ClusterImage image, List<Integer> replicas) {
        List<Integer> live =
                replicas.stream()
                        .filter(id -> PartitionPlacement.isUsable(image.brokers().get(id)))
                        .toList();
        return new PartitionState(
                List.copyOf(replicas),
                live,
                List.of(),
                List.of(),
                List.of(),
                live.getFirst(),
                0,
                0);
    }

    private static Map<String, String> configsOf(CreatableTopic topic) throws Refusal {
        Map<String, String> configs = new HashMap<>();
        for (var config : topic.configs()) {
            if (config.value() == null) {
                throw Refusal.of(Errors.INVALID_CONFIG, config.name() + " must have a value");
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }

    private int numberProperty(String name, int otherwise) {
        String value = brokerProperties.get(name);
        return value == null ? otherwise : Integer.parseInt(value.trim());
    }

    private CreatableTopicResult succeeded(TopicState topic, Map<String, String> own) {
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        Map<String, String> effective = TopicConfigDefinitions.effective(own, brokerProperties);
        for (TopicConfigDefinition definition : TopicConfigDefinitions.all()) {
            boolean fromFile =
                    definition.brokerSynonyms().stream()
                            .anyMatch(s -> brokerProperties.containsKey(s.name()));
            configs.add(
                    new CreatableTopicConfigs()
                            .setName(definition.name())
                            .setValue(effective.get(definition.name()))
                            .setReadOnly(false)
                            .setIsSensitive(false)
                            .setConfigSource(
                                    own.containsKey(definition.name())
                                            ? DYNAMIC_TOPIC_CONFIG
                                            : fromFile ? STATIC_BROKER_CONFIG : DEFAULT_CONFIG));
        }
        return new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setErrorCode(Errors.NONE.code())
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor((short) topic.partitions().getFirst().replicas().size())
                .setConfigs(configs);
    }

    private static CreatableTopicResult failed(String name, Refusal refusal) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(refusal.error().code())
                .setErrorMessage(refusal.getMessage())
                .setNumPartitions(-1)
                .setReplicationFactor((short) -1)
                .setConfigs(new ArrayList<>());
    }

    Decision delete(ClusterImage image, DeleteTopicsRequestData request, short version) {
        List<DeleteTopicState> wanted = new ArrayList<>(request.topics());
        if (version < 6) {
            request.topicNames().forEach(n -> wanted.add(new DeleteTopicState().setName(n)));
        }
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        Set<Uuid> deleted = new HashSet<>();
        for (DeleteTopicState each : wanted) {
            boolean byName = each.name() != null;
            var topic = byName ? image.topic(each.name()) : image.topic(each.topicId());
            DeletableTopicResult result =
                    new DeletableTopicResult().setName(each.name()).setTopicId(each.topicId());
            if (topic.isEmpty()) {
                Errors error = byName ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
                result.setErrorCode(error.code()).setErrorMessage(error.message());
            } else {
                TopicState gone = topic.get();
                result.setName(gone.name()).setTopicId(gone.id());
                if (deleted.add(gone.id())) {
                    records.add(new MetadataRecord.TopicDeleted(gone.id()));
                    ConfigResource resource =
                            new ConfigResource(ConfigResource.Type.TOPIC, gone.name());
                    if (image.configs().containsKey(resource)) {
                        records.add(new MetadataRecord.ConfigChanged(resource, Map.of()));
                    }
                }
            }
            response.responses().add(result);
        }
        return Decision.of(records, response);
    }

    Decision addPartitions(ClusterImage image, CreatePartitionsRequestData request) {
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            CreatePartitionsTopicResult result =
                    new CreatePartitionsTopicResult().setName(topic.name());
            try {
                TopicState grown = grow(image, topic);
                if (!request.validateOnly()) {
                    records.add(new MetadataRecord.TopicChanged(grown));
                }
            } catch (Refusal refusal) {
                result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.getMessage());
            }
            response.results().add(result);
        }
        return Decision.of(records, response);
    }

    private TopicState grow(ClusterImage image, CreatePartitionsTopic request) throws Refusal {
        TopicState topic =
                image.topic(request.name())
                        .orElseThrow(
                                () ->
                                        Refusal.of(
                                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                                "there is no topic '" + request.name() + "'"));
        int existing = topic.partitions().size();
        int added = request.count() - existing;
        if (added <= 0) {
            throw Refusal.of(
                    Errors.INVALID_PARTITIONS,
                    "topic '"
                            + topic.name()
                            + "' has "
                            + existing
                            + " partitions; the new count must be larger, and partitions cannot be"
                            + " taken away");
        }
        if (topic.partitions().stream().anyMatch(PartitionState::isReassigning)) {
            throw Refusal.of(
                    Errors.REASSIGNMENT_IN_PROGRESS,
                    "replicas of topic '"
                            + topic.name()
                            + "' are being reassigned; add partitions after that");
        }
        List<List<Integer>> replicas;
        if (request.assignments() == null) {
            replicas = placement.placeMore(image, topic, added);
        } else {
            if (request.assignments().size() != added) {
                throw Refusal.of(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        added
                                + " partitions are added, but replicas are assigned to "
                                + request.assignments().size());
            }
            Map<Integer, List<Integer>> byIndex = new HashMap<>();
            for (int i = 0; i < added; i++) {
                byIndex.put(i, request.assignments().get(i).brokerIds());
            }
            replicas = PartitionPlacement.manual(image, byIndex);
        }
        List<PartitionState> all = new ArrayList<>(topic.partitions());
        all.addAll(firstStates(image, replicas));
        TopicState grown = new TopicState(topic.id(), topic.name(), List.copyOf(all));
        TopicJson.requireSize(grown);
        return grown;
    }

    private static void addOnce(String name, Set<String> seen, Set<String> repeated) {
        if (!seen.add(name)) {
            repeated.add(name);
        }
    }
}
