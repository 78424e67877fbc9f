package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.zk.TestZooKeeper;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * An unchanged Kafka admin client against two brokers, of which it asks the one that only forwards.
 */
@Timeout(120)
class AdministrationTest {

    @TempDir Path directory;
    private TestZooKeeper zooKeeper;
    private TestNode controller;
    private TestNode follower;
    private Admin admin;

    @BeforeEach
    void startCluster() throws Exception {
        zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
        controller = TestNode.start(0, zooKeeper.settings(), directory);
        follower = TestNode.start(1, zooKeeper.settings(), directory);
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + follower.port()));
    }

    @AfterEach
    void stopCluster() {
        admin.close();
        follower.close();
        controller.close();
        zooKeeper.close();
    }

    @Test
    void topicsAreMadeDescribedGrownAndDeleted() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("orders", 4, (short) 1))).all());
        TopicDescription made = describe("orders");
        assertThat(made.partitions()).hasSize(4);
        assertThat(made.partitions().stream().map(p -> p.leader().id()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(0, 1);

        get(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(6))).all());
        assertThat(describe("orders").partitions())
                .extracting(TopicPartitionInfo::partition)
                .containsExactly(0, 1, 2, 3, 4, 5);

        assertThat(get(admin.listTopics().names())).containsExactly("orders");
        get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(made.topicId()))).all());
        assertThat(get(admin.listTopics().names())).isEmpty();
        assertThatThrownBy(
                        () ->
                                get(
                                        admin.deleteTopics(
                                                        TopicCollection.ofTopicIds(
                                                                List.of(made.topicId())))
                                                .all()))
                .hasCauseInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void whatCannotBeMadeIsExplained() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all());

        assertThatThrownBy(
                        () ->
                                get(
                                        admin.createTopics(
                                                        List.of(
                                                                new NewTopic(
                                                                        "orders", 1, (short) 1)))
                                                .all()))
                .hasCauseInstanceOf(TopicExistsException.class);
        assertThatThrownBy(
                        () ->
                                get(
                                        admin.createTopics(
                                                        List.of(new NewTopic("wide", 1, (short) 3)))
                                                .all()))
                .hasCauseInstanceOf(InvalidReplicationFactorException.class)
                .hasMessageContaining("available are 2");
    }

    @Test
    void configurationSaysWhereEachValueComesFrom() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all());
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        var set =
                new AlterConfigOp(
                        new ConfigEntry("retention.ms", "1234"), AlterConfigOp.OpType.SET);
        get(admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all());

        var described = get(admin.describeConfigs(List.of(topic)).all()).get(topic);
        assertThat(described.get("retention.ms").value()).isEqualTo("1234");
        assertThat(described.get("retention.ms").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(described.get("cleanup.policy").source())
                .isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        assertThat(described.get("cleanup.policy").value()).isEqualTo("delete");

        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        var own = get(admin.describeConfigs(List.of(broker)).all()).get(broker);
        assertThat(own.get("broker.id").value()).isEqualTo("1");
        assertThat(own.get("broker.id").source())
                .isEqualTo(ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG);
    }

    @Test
    void aclsAreCreatedDescribedAndDeleted() throws Exception {
        AclBinding binding =
                new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, "orders-", PatternType.PREFIXED),
                        new AccessControlEntry(
                                "User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW));
        get(admin.createAcls(List.of(binding)).all());

        assertThat(get(admin.describeAcls(AclBindingFilter.ANY).values())).containsExactly(binding);
        assertThat(get(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all()))
                .containsExactly(binding);
        assertThat(get(admin.describeAcls(AclBindingFilter.ANY).values())).isEmpty();
    }

    @Test
    void scramCredentialsAreSetDescribedAndRemoved() throws Exception {
        var credential = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        get(
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialUpsertion(
                                                "alice", credential, "password")))
                        .all());

        assertThat(get(admin.describeUserScramCredentials().all()).get("alice").credentialInfos())
                .containsExactly(credential);
        get(
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialDeletion(
                                                "alice", ScramMechanism.SCRAM_SHA_512)))
                        .all());
        assertThat(get(admin.describeUserScramCredentials().all())).isEmpty();
    }

    @Test
    void theClusterIsDescribedWithItsControllerAndWhatMayBeDone() throws Exception {
        var cluster =
                admin.describeCluster(
                        new DescribeClusterOptions().includeAuthorizedOperations(true));

        assertThat(get(cluster.clusterId())).isEqualTo(controller.image().clusterId());
        assertThat(get(cluster.controller()).id()).isZero();
        assertThat(get(cluster.nodes())).hasSize(2);
        Set<AclOperation> may = get(cluster.authorizedOperations());
        assertThat(may).contains(AclOperation.ALTER, AclOperation.CREATE);
        assertThat(Optional.ofNullable(get(cluster.controller()).rack())).isEmpty();
    }

    private TopicDescription describe(String topic) throws Exception {
        return get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}
