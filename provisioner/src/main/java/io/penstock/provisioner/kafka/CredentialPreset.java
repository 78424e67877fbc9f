package io.penstock.provisioner.kafka;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.List;

/**
 * What a credential is for; decides its ACLs. Writing implies describing only by default, so both
 * are given.
 */
public enum CredentialPreset {
    PRODUCER(
            new Grant(ResourceType.TOPIC, AclOperation.WRITE, AclOperation.DESCRIBE),
            new Grant(ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE, AclOperation.DESCRIBE)),
    CONSUMER(
            new Grant(ResourceType.TOPIC, AclOperation.READ, AclOperation.DESCRIBE),
            new Grant(ResourceType.GROUP, AclOperation.READ, AclOperation.DESCRIBE),
            // Whoever may write to some topic has this by KIP-679. Without it, a consumer that
            // produces
            // with a client's defaults would be told of the cluster and not of the topic.
            new Grant(ResourceType.CLUSTER, AclOperation.IDEMPOTENT_WRITE)),
    ADMIN(
            new Grant(
                    ResourceType.TOPIC,
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.CREATE,
                    AclOperation.DELETE,
                    AclOperation.ALTER,
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS),
            new Grant(ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE, AclOperation.DESCRIBE),
            new Grant(
                    ResourceType.GROUP,
                    AclOperation.READ,
                    AclOperation.DESCRIBE,
                    AclOperation.DELETE));

    private record Grant(ResourceType resource, AclOperation... operations) {}

    private final List<Grant> grants;

    CredentialPreset(Grant... grants) {
        this.grants = List.of(grants);
    }

    /**
     * @param prefix of the names of topics, groups and transactional ids; empty: all of them
     */
    List<AclBinding> bindings(String username, String prefix) {
        List<AclBinding> bindings = new ArrayList<>();
        for (Grant grant : grants) {
            ResourcePattern pattern = pattern(grant.resource(), prefix);
            for (AclOperation operation : grant.operations()) {
                bindings.add(
                        new AclBinding(
                                pattern,
                                new AccessControlEntry(
                                        "User:" + username,
                                        "*",
                                        operation,
                                        AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    private static ResourcePattern pattern(ResourceType resource, String prefix) {
        if (resource == ResourceType.CLUSTER) {
            return new ResourcePattern(resource, Resource.CLUSTER_NAME, PatternType.LITERAL);
        }
        return prefix.isEmpty()
                ? new ResourcePattern(
                        resource, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL)
                : new ResourcePattern(resource, prefix, PatternType.PREFIXED);
    }
}
