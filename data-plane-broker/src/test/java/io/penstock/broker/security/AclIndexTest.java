package io.penstock.broker.security;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.acl.AclPermissionType.ALLOW;
import static org.apache.kafka.common.acl.AclPermissionType.DENY;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.security.AclIndex.Decision;
import io.penstock.broker.security.AclIndex.Subject;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.junit.jupiter.api.Test;

import java.util.Set;

class AclIndexTest {

    private static final Subject ALICE = new Subject("User:alice", "10.0.0.1");

    @Test
    void whatNoAclNamesIsLeftOpen() {
        AclIndex index = index(acl("orders", LITERAL, "User:alice", READ, ALLOW));

        assertThat(index.decide(ALICE, READ, TOPIC, "payments"))
                .isEqualTo(Decision.NO_ACL_OF_RESOURCE);
        assertThat(index.decide(ALICE, WRITE, TOPIC, "orders")).isEqualTo(Decision.DENIED);
    }

    @Test
    void readingImpliesDescribing() {
        AclIndex index = index(acl("orders", LITERAL, "User:alice", READ, ALLOW));

        assertThat(index.decide(ALICE, DESCRIBE, TOPIC, "orders")).isEqualTo(Decision.ALLOWED);
    }

    @Test
    void aDenialWinsOverAnyPermission() {
        AclIndex index =
                index(
                        acl("*", LITERAL, "User:alice", ALL, ALLOW),
                        acl("ord", PREFIXED, "User:*", WRITE, DENY));

        assertThat(index.decide(ALICE, WRITE, TOPIC, "orders")).isEqualTo(Decision.DENIED);
        assertThat(index.decide(ALICE, READ, TOPIC, "orders")).isEqualTo(Decision.ALLOWED);
        assertThat(index.decide(ALICE, WRITE, TOPIC, "or")).isEqualTo(Decision.ALLOWED);
    }

    @Test
    void aPermissionForAnotherHostOrUserIsNone() {
        AclIndex index =
                index(
                        new AclBinding(
                                new ResourcePattern(TOPIC, "orders", LITERAL),
                                new AccessControlEntry("User:alice", "10.0.0.2", READ, ALLOW)),
                        acl("orders", LITERAL, "User:alicent", READ, ALLOW));

        assertThat(index.decide(ALICE, READ, TOPIC, "orders")).isEqualTo(Decision.DENIED);
    }

    @Test
    void anyResourceMeansOneThatNoDenialCovers() {
        assertThat(
                        index(acl("a-", PREFIXED, "User:alice", WRITE, ALLOW))
                                .isAllowedOnAny(ALICE, WRITE, TOPIC, false))
                .isTrue();
        assertThat(
                        index(
                                        acl("a-b", PREFIXED, "User:alice", WRITE, ALLOW),
                                        acl("a-", PREFIXED, "User:alice", ALL, DENY))
                                .isAllowedOnAny(ALICE, WRITE, TOPIC, false))
                .isFalse();
        assertThat(
                        index(
                                        acl("a", LITERAL, "User:alice", WRITE, ALLOW),
                                        acl("*", LITERAL, "User:alice", WRITE, DENY))
                                .isAllowedOnAny(ALICE, WRITE, TOPIC, false))
                .isFalse();
    }

    private static AclIndex index(AclBinding... acls) {
        return new AclIndex(Set.of(acls));
    }

    private static AclBinding acl(
            String name,
            PatternType pattern,
            String principal,
            AclOperation operation,
            AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(TOPIC, name, pattern),
                new AccessControlEntry(principal, "*", operation, permission));
    }
}
