package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.zk.TestZooKeeper;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Who was told that it may come in is let in by every broker, not only by the one it asked. */
@Timeout(120)
class ShownEverywhereTest {

    private static final int TIMES = 40;

    @TempDir Path directory;
    private TestZooKeeper zooKeeper;
    private final List<TestNode> nodes = new ArrayList<>();
    private Admin admin;

    @BeforeEach
    void startCluster() throws Exception {
        zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
        for (int id = 0; id < 3; id++) {
            nodes.add(TestNode.start(id, zooKeeper.settings(), directory));
        }
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + nodes.get(1).port()));
    }

    @AfterEach
    void stopCluster() {
        admin.close();
        nodes.forEach(TestNode::close);
        zooKeeper.close();
    }

    @Test
    void aCredentialThatWasMadeIsKnownToAllBrokers() throws Exception {
        var iterations = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        for (int i = 0; i < TIMES; i++) {
            String user = "user-" + i;
            var made = new UserScramCredentialUpsertion(user, iterations, "secret-secret");
            get(admin.alterUserScramCredentials(List.of(made)).all());

            assertThat(nodes).allMatch(node -> node.image().scram().containsKey(user));
        }
    }

    @Test
    void aPermissionThatWasGivenOrTakenIsKnownToAllBrokers() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            var binding =
                    new AclBinding(
                            new ResourcePattern(
                                    ResourceType.TOPIC, "orders-" + i, PatternType.LITERAL),
                            new AccessControlEntry(
                                    "User:anna", "*", AclOperation.READ, AclPermissionType.ALLOW));
            get(admin.createAcls(List.of(binding)).all());
            assertThat(nodes).allMatch(node -> node.image().acls().contains(binding));

            get(admin.deleteAcls(List.of(binding.toFilter())).all());
            assertThat(nodes).noneMatch(node -> node.image().acls().contains(binding));
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
