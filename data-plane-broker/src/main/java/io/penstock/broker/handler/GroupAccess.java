package io.penstock.broker.handler;

import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

import java.util.List;

/** What a request's principal may do with groups, and which topics it may see in them. */
public record GroupAccess(RequestAuthorizer authorizer) {

    private static final List<AclOperation> GROUP_OPERATIONS =
            List.of(
                    AclOperation.READ,
                    AclOperation.DELETE,
                    AclOperation.DESCRIBE,
                    AclOperation.ALTER_CONFIGS,
                    AclOperation.DESCRIBE_CONFIGS);

    private static final String CLUSTER = "kafka-cluster";

    boolean mayRead(RequestContext context, String group) {
        return authorizer.isAllowed(context, AclOperation.READ, ResourceType.GROUP, group);
    }

    boolean mayDescribe(RequestContext context, String group) {
        return authorizer.isAllowed(context, AclOperation.DESCRIBE, ResourceType.GROUP, group);
    }

    boolean mayDelete(RequestContext context, String group) {
        return authorizer.isAllowed(context, AclOperation.DELETE, ResourceType.GROUP, group);
    }

    boolean mayReadTopic(RequestContext context, String topic) {
        return authorizer.isAllowed(context, AclOperation.READ, ResourceType.TOPIC, topic);
    }

    boolean mayDescribeTopic(RequestContext context, String topic) {
        return authorizer.isAllowed(context, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
    }

    boolean mayDescribeTransactionalId(RequestContext context, String transactionalId) {
        return authorizer.isAllowed(
                context, AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, transactionalId);
    }

    boolean mayDescribeCluster(RequestContext context) {
        return authorizer.isAllowed(context, AclOperation.DESCRIBE, ResourceType.CLUSTER, CLUSTER);
    }

    /** The allowed operations on a group, one bit for each operation's code (KIP-430). */
    int allowedOperations(RequestContext context, String group) {
        return GROUP_OPERATIONS.stream()
                .filter(
                        operation ->
                                authorizer.isAllowed(context, operation, ResourceType.GROUP, group))
                .mapToInt(operation -> 1 << operation.code())
                .reduce(0, (bits, bit) -> bits | bit);
    }
}
