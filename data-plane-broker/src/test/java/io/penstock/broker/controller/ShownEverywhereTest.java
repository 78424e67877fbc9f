package io.penstock.broker.controller;

import static io.penstock.broker.controller.ThreeNodes.get;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
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
import java.util.List;

/** Who was told that it may come in is let in by every broker, not only by the one it asked. */
@Timeout(120)
class ShownEverywhereTest {

    private static final int TIMES = 40;

    @TempDir Path directory;
    private ThreeNodes nodes;

    @BeforeEach
    void startNodes() throws Exception {
        nodes = ThreeNodes.start(directory);
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    @Test
    void aCredentialThatWasMadeIsKnownToAllBrokers() throws Exception {
        var iterations = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        for (int i = 0; i < TIMES; i++) {
            String user = "user-" + i;
            var made = new UserScramCredentialUpsertion(user, iterations, "secret-secret");
            get(nodes.admin().alterUserScramCredentials(List.of(made)).all());

            assertThat(nodes.all()).allMatch(node -> node.image().scram().containsKey(user));
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
            get(nodes.admin().createAcls(List.of(binding)).all());
            assertThat(nodes.all()).allMatch(node -> node.image().acls().contains(binding));

            get(nodes.admin().deleteAcls(List.of(binding.toFilter())).all());
            assertThat(nodes.all()).noneMatch(node -> node.image().acls().contains(binding));
        }
    }
}
