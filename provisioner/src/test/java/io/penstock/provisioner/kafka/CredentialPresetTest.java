package io.penstock.provisioner.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.junit.jupiter.api.Test;

import java.util.List;

class CredentialPresetTest {
    @Test
    void aProducerMayWriteButNotRead() {
        assertThat(rights(CredentialPreset.PRODUCER, "orders-"))
                .containsExactlyInAnyOrder(
                        "TOPIC PREFIXED orders- WRITE",
                        "TOPIC PREFIXED orders- DESCRIBE",
                        "TRANSACTIONAL_ID PREFIXED orders- WRITE",
                        "TRANSACTIONAL_ID PREFIXED orders- DESCRIBE");
    }

    @Test
    void aConsumerMayReadAndJoinGroupsButNotWrite() {
        assertThat(rights(CredentialPreset.CONSUMER, "orders-"))
                .containsExactlyInAnyOrder(
                        "TOPIC PREFIXED orders- READ",
                        "TOPIC PREFIXED orders- DESCRIBE",
                        "GROUP PREFIXED orders- READ",
                        "GROUP PREFIXED orders- DESCRIBE",
                        "CLUSTER LITERAL kafka-cluster IDEMPOTENT_WRITE");
    }

    @Test
    void anAdminHasNoRightsOnTheClusterItself() {
        assertThat(rights(CredentialPreset.ADMIN, "orders-"))
                .hasSize(13)
                .contains("TOPIC PREFIXED orders- DELETE", "GROUP PREFIXED orders- DELETE")
                .noneMatch(right -> right.startsWith("CLUSTER"));
    }

    @Test
    void anEmptyPrefixMeansEverything() {
        assertThat(rights(CredentialPreset.CONSUMER, ""))
                .containsExactlyInAnyOrder(
                        "TOPIC LITERAL * READ",
                        "TOPIC LITERAL * DESCRIBE",
                        "GROUP LITERAL * READ",
                        "GROUP LITERAL * DESCRIBE",
                        "CLUSTER LITERAL kafka-cluster IDEMPOTENT_WRITE");
    }

    private static List<String> rights(CredentialPreset preset, String prefix) {
        List<AclBinding> bindings = preset.bindings("app", prefix);
        assertThat(bindings)
                .allSatisfy(
                        binding -> {
                            assertThat(binding.entry().principal()).isEqualTo("User:app");
                            assertThat(binding.entry().host()).isEqualTo("*");
                            assertThat(binding.entry().permissionType())
                                    .isEqualTo(AclPermissionType.ALLOW);
                        });
        return bindings.stream()
                .map(
                        binding ->
                                "%s %s %s %s"
                                        .formatted(
                                                binding.pattern().resourceType(),
                                                binding.pattern().patternType(),
                                                binding.pattern().name(),
                                                binding.entry().operation()))
                .toList();
    }
}
