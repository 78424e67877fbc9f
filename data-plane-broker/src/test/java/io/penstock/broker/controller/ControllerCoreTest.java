package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class ControllerCoreTest {

    private final ControllerCore core =
            new ControllerCore(Map.of("num.partitions", "4"), new Random(7), Uuid::randomUuid);
    private ClusterImage image = ClusterImage.EMPTY;

    @Test
    void aNewTopicIsSpreadEvenlyOverTheLiveBrokers() {
        register(Map.of(0, 10L, 1, 11L, 2, 12L));

        CreatableTopicResult created = create("orders", 6, (short) 1);

        assertThat(created.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(created.numPartitions()).isEqualTo(6);
        Map<Integer, Integer> led = new HashMap<>();
        partitions("orders").forEach(p -> led.merge(p.leader(), 1, Integer::sum));
        assertThat(led).isEqualTo(Map.of(0, 2, 1, 2, 2, 2));
        assertThat(partitions("orders")).allMatch(p -> p.inSync().equals(p.replicas()));
    }

    @Test
    void aTopicWithoutCountsGetsTheBrokersDefaults() {
        register(Map.of(0, 10L));

        create("orders", -1, (short) -1);

        assertThat(partitions("orders")).hasSize(4).allMatch(p -> p.replicas().size() == 1);
    }

    @Test
    void aFactorThatTheLiveBrokersCannotHoldIsRefused() {
        register(Map.of(0, 10L, 1, 11L, 2, 12L));
        apply(core.decide(image, new ControllerEvent.BrokerStopping(2, 12L)));

        CreatableTopicResult refused = create("orders", 1, (short) 3);

        assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_REPLICATION_FACTOR.code());
        assertThat(refused.errorMessage()).contains("3").contains("available are 2");
        assertThat(create("orders", 1, (short) 0).errorCode())
                .isEqualTo(Errors.INVALID_REPLICATION_FACTOR.code());
        assertThat(image.topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "with space", "a/b", "ü"})
    void aNameThatKafkaDoesNotAllowIsRefused(String name) {
        register(Map.of(0, 10L));

        assertThat(create(name, 1, (short) 1).errorCode())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void aNameThatDiffersByDotAndUnderscoreOnlyIsRefused() {
        register(Map.of(0, 10L));
        create("a.b", 1, (short) 1);

        assertThat(create("a_b", 1, (short) 1).errorCode())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
        assertThat(create("a.b", 1, (short) 1).errorCode())
                .isEqualTo(Errors.TOPIC_ALREADY_EXISTS.code());
    }

    @Test
    void validationAloneChangesNothing() {
        register(Map.of(0, 10L));
        CreateTopicsRequestData request = creation("orders", 1, (short) 1).setValidateOnly(true);

        var response = (CreateTopicsResponseData) decide(ApiKeys.CREATE_TOPICS, 7, request);

        assertThat(response.topics().find("orders").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(image.topics()).isEmpty();
    }

    @Test
    void aWrongConfigurationIsNamed() {
        register(Map.of(0, 10L));
        CreateTopicsRequestData request = creation("orders", 1, (short) 1);
        request.topics()
                .find("orders")
                .configs()
                .add(new CreatableTopicConfig().setName("retention.ms").setValue("soon"));

        var response = (CreateTopicsResponseData) decide(ApiKeys.CREATE_TOPICS, 7, request);

        CreatableTopicResult refused = response.topics().find("orders");
        assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_CONFIG.code());
        assertThat(refused.errorMessage()).contains("retention.ms").contains("soon");
    }

    @Test
    void thePartitionsOfALostBrokerWaitForItsReturnInANewLeaderEpoch() {
        register(Map.of(0, 10L, 1, 11L));
        create("orders", 2, (short) 1);
        int index = ledBy("orders", 1);
        int untouched = ledBy("orders", 0);

        register(Map.of(0, 10L));
        PartitionState waiting = partitions("orders").get(index);
        register(Map.of(0, 10L, 1, 99L));
        PartitionState returned = partitions("orders").get(index);

        assertThat(waiting.leader()).isEqualTo(PartitionState.NO_LEADER);
        assertThat(waiting.inSync()).containsExactly(1);
        assertThat(returned.leader()).isEqualTo(1);
        assertThat(returned.leaderEpoch()).isGreaterThan(waiting.leaderEpoch());
        assertThat(partitions("orders").get(untouched).partitionEpoch()).isZero();
    }

    @Test
    void aBrokerThatRestartedUnseenLeadsInANewEpoch() {
        register(Map.of(0, 10L));
        create("orders", 1, (short) 1);

        register(Map.of(0, 20L));

        assertThat(partitions("orders").getFirst().leader()).isZero();
        assertThat(partitions("orders").getFirst().leaderEpoch()).isEqualTo(1);
        assertThat(image.brokers().get(0).epoch()).isEqualTo(20);
    }

    @Test
    void theSameRegistrationsTwiceChangeNothing() {
        register(Map.of(0, 10L));

        Decision again =
                core.decide(image, new ControllerEvent.BrokersRegistered(live(Map.of(0, 10L))));

        assertThat(again.records()).isEmpty();
    }

    @Test
    void aStoppingBrokerLeadsNothingUntilItRegistersAnew() {
        register(Map.of(0, 10L, 1, 11L));
        create("orders", 2, (short) 1);

        apply(core.decide(image, new ControllerEvent.BrokerStopping(1, 11)));
        register(Map.of(0, 10L, 1, 11L));

        assertThat(partitions("orders")).noneMatch(p -> p.leader() == 1);
        assertThat(create("later", 4, (short) 1).errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(partitions("later")).allMatch(p -> p.leader() == 0);

        register(Map.of(0, 10L, 1, 12L));
        assertThat(partitions("orders")).anyMatch(p -> p.leader() == 1);
    }

    @Test
    void aStopOfAnEarlierRegistrationIsIgnored() {
        register(Map.of(0, 10L));

        assertThat(core.decide(image, new ControllerEvent.BrokerStopping(0, 9)).records())
                .isEmpty();
    }

    @Test
    void anElectionPrefersTheFirstReplicaThatIsInSync() {
        PartitionState state =
                new PartitionState(
                        List.of(3, 1, 2), List.of(3, 2), List.of(), List.of(), List.of(), 3, 5, 9);

        Optional<PartitionState> next =
                PartitionStep.of(state, new ElectionRules(id -> id != 3, 1, false)).next();

        assertThat(next)
                .get()
                .satisfies(
                        p -> {
                            assertThat(p.leader()).isEqualTo(2);
                            assertThat(p.inSync()).containsExactly(2);
                            assertThat(p.leaderEpoch()).isEqualTo(6);
                            assertThat(p.partitionEpoch()).isEqualTo(10);
                        });
    }

    @Test
    void partitionsAreAddedButNeverTakenAway() {
        register(Map.of(0, 10L, 1, 11L));
        create("orders", 2, (short) 1);
        List<PartitionState> before = partitions("orders");

        assertThat(grow("orders", 5)).isEqualTo(Errors.NONE);
        assertThat(partitions("orders"))
                .hasSize(5)
                .startsWith(before.toArray(PartitionState[]::new));
        assertThat(grow("orders", 5)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow("orders", 3)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow("unknown", 3)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aTopicGoesWithItsConfigurationAndReturnsWithAnotherId() {
        register(Map.of(0, 10L));
        create("orders", 1, (short) 1);
        alter(ConfigResource.Type.TOPIC, "orders", OpType.SET, "retention.ms", "1000");
        Uuid first = image.topic("orders").orElseThrow().id();

        decide(
                ApiKeys.DELETE_TOPICS,
                6,
                new DeleteTopicsRequestData()
                        .setTopics(
                                List.of(new DeleteTopicState().setName(null).setTopicId(first))));

        assertThat(image.topics()).isEmpty();
        assertThat(image.topicNames()).isEmpty();
        assertThat(image.configs()).isEmpty();
        create("orders", 1, (short) 1);
        assertThat(image.topic("orders").orElseThrow().id()).isNotEqualTo(first);
    }

    @Test
    void listsAreAppendedToAndSubtractedFrom() {
        register(Map.of(0, 10L));
        create("orders", 1, (short) 1);

        alter(ConfigResource.Type.TOPIC, "orders", OpType.APPEND, "cleanup.policy", "compact");
        assertThat(image.config(ConfigResource.Type.TOPIC, "orders"))
                .containsEntry("cleanup.policy", "delete,compact");
        alter(ConfigResource.Type.TOPIC, "orders", OpType.SUBTRACT, "cleanup.policy", "delete");
        assertThat(image.config(ConfigResource.Type.TOPIC, "orders"))
                .containsEntry("cleanup.policy", "compact");
        assertThat(alter(ConfigResource.Type.TOPIC, "orders", OpType.APPEND, "retention.ms", "1"))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(ConfigResource.Type.TOPIC, "orders", OpType.SET, "no.such", "1"))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(ConfigResource.Type.BROKER, "0", OpType.SET, "log.dirs", "/x"))
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void aclsAreCreatedOnceAndDeletedByFilter() {
        AclCreation creation =
                new AclCreation()
                        .setResourceType(ResourceType.TOPIC.code())
                        .setResourceName("orders")
                        .setResourcePatternType(PatternType.PREFIXED.code())
                        .setPrincipal("User:alice")
                        .setHost("*")
                        .setOperation(AclOperation.READ.code())
                        .setPermissionType(AclPermissionType.ALLOW.code());
        var twice = new CreateAclsRequestData().setCreations(List.of(creation, creation));
        decide(ApiKeys.CREATE_ACLS, 3, twice);
        decide(ApiKeys.CREATE_ACLS, 3, twice);
        assertThat(image.acls()).hasSize(1);

        var any =
                new CreateAclsRequestData()
                        .setCreations(
                                List.of(
                                        creation.duplicate()
                                                .setOperation(AclOperation.ANY.code())));
        var refused = (CreateAclsResponseData) decide(ApiKeys.CREATE_ACLS, 3, any);
        assertThat(refused.results().getFirst().errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());

        decide(
                ApiKeys.DELETE_ACLS,
                3,
                new DeleteAclsRequestData()
                        .setFilters(
                                List.of(
                                        new DeleteAclsFilter()
                                                .setResourceTypeFilter(ResourceType.ANY.code())
                                                .setResourceNameFilter(null)
                                                .setPatternTypeFilter(PatternType.ANY.code())
                                                .setPrincipalFilter("User:alice")
                                                .setHostFilter(null)
                                                .setOperation(AclOperation.ANY.code())
                                                .setPermissionType(AclPermissionType.ANY.code()))));
        assertThat(image.acls()).isEmpty();
    }

    @Test
    void aScramCredentialNeverHoldsThePassword() {
        byte[] salted =
                "the salted password of alice".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var upsert =
                new AlterUserScramCredentialsRequestData()
                        .setUpsertions(
                                List.of(
                                        new ScramCredentialUpsertion()
                                                .setName("alice")
                                                .setMechanism((byte) 2)
                                                .setIterations(8192)
                                                .setSalt(new byte[] {1, 2, 3})
                                                .setSaltedPassword(salted)));
        decide(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, 0, upsert);

        var credential = image.scram().get("alice").get("SCRAM-SHA-512");
        assertThat(credential.iterations()).isEqualTo(8192);
        assertThat(credential.storedKey()).hasSize(64).isNotEqualTo(salted);

        var delete =
                new AlterUserScramCredentialsRequestData()
                        .setDeletions(
                                List.of(
                                        new ScramCredentialDeletion()
                                                .setName("alice")
                                                .setMechanism((byte) 2)));
        decide(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, 0, delete);
        assertThat(image.scram()).isEmpty();
        var again =
                (AlterUserScramCredentialsResponseData)
                        decide(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, 0, delete);
        assertThat(again.results().getFirst().errorCode())
                .isEqualTo(Errors.RESOURCE_NOT_FOUND.code());
    }

    @Test
    void aSnapshotMakesTheSameImage() {
        register(Map.of(0, 10L, 1, 11L));
        create("orders", 70, (short) 1);
        alter(ConfigResource.Type.TOPIC, "orders", OpType.SET, "retention.ms", "1000");

        ClusterImage copy =
                ClusterImages.apply(
                        ClusterImage.EMPTY, ClusterImages.snapshot(image), image.position());

        assertThat(copy).isEqualTo(image);
    }

    private void register(Map<Integer, Long> epochs) {
        apply(core.decide(image, new ControllerEvent.BrokersRegistered(live(epochs))));
    }

    private static Map<Integer, BrokerRegistration> live(Map<Integer, Long> epochs) {
        Map<Integer, BrokerRegistration> live = new HashMap<>();
        epochs.forEach(
                (id, epoch) ->
                        live.put(
                                id,
                                new BrokerRegistration(
                                        id,
                                        epoch,
                                        Uuid.ONE_UUID,
                                        List.of(),
                                        Optional.empty(),
                                        false)));
        return live;
    }

    private ApiMessage decide(ApiKeys apiKey, int version, ApiMessage request) {
        return apply(
                        core.decide(
                                image,
                                new ControllerEvent.Administration(
                                        apiKey, (short) version, request)))
                .orElseThrow();
    }

    private Optional<ApiMessage> apply(Decision decision) {
        List<MetadataRecord> records = decision.records();
        image =
                ClusterImages.apply(
                        image, records, new StreamPosition(1, image.position().sequence() + 1));
        return decision.reply();
    }

    private static CreateTopicsRequestData creation(String name, int partitions, short factor) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(
                        new CreatableTopic()
                                .setName(name)
                                .setNumPartitions(partitions)
                                .setReplicationFactor(factor));
        return request;
    }

    private CreatableTopicResult create(String name, int partitions, short factor) {
        var response =
                (CreateTopicsResponseData)
                        decide(ApiKeys.CREATE_TOPICS, 7, creation(name, partitions, factor));
        return response.topics().find(name);
    }

    private Errors grow(String name, int count) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics()
                .add(
                        new CreatePartitionsTopic()
                                .setName(name)
                                .setCount(count)
                                .setAssignments(null));
        var response = (CreatePartitionsResponseData) decide(ApiKeys.CREATE_PARTITIONS, 3, request);
        return Errors.forCode(response.results().getFirst().errorCode());
    }

    private Errors alter(
            ConfigResource.Type type, String name, OpType operation, String key, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        resource.configs()
                .add(
                        new AlterableConfig()
                                .setName(key)
                                .setConfigOperation(operation.id())
                                .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        var response =
                (IncrementalAlterConfigsResponseData)
                        decide(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
        return Errors.forCode(response.responses().getFirst().errorCode());
    }

    private List<PartitionState> partitions(String topic) {
        return image.topic(topic).orElseThrow().partitions();
    }

    private int ledBy(String topic, int broker) {
        List<PartitionState> partitions = partitions(topic);
        for (int i = 0; i < partitions.size(); i++) {
            if (partitions.get(i).leader() == broker) {
                return i;
            }
        }
        throw new AssertionError("broker " + broker + " leads nothing of " + topic);
    }
}
