package io.penstock.broker.handler;

import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

import java.util.EnumSet;
import java.util.Set;

/** The bit sets by which a response says what its receiver may do (KIP-430). */
final class AuthorizedOperations {

    /** What the fields hold when the request did not ask. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    private static final Set<AclOperation> TOPIC =
            EnumSet.of(
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.CREATE,
                    AclOperation.DELETE,
                    AclOperation.ALTER,
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS);
    private static final Set<AclOperation> CLUSTER =
            EnumSet.of(
                    AclOperation.CREATE,
                    AclOperation.ALTER,
                    AclOperation.DESCRIBE,
                    AclOperation.CLUSTER_ACTION,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS,
                    AclOperation.IDEMPOTENT_WRITE);

    private AuthorizedOperations() {}

    static int onTopic(RequestAuthorizer authorizer, RequestContext context, String topic) {
        return bits(authorizer, context, TOPIC, ResourceType.TOPIC, topic);
    }

    /** Nothing for those who may not even describe the cluster. */
    static int onCluster(RequestAuthorizer authorizer, RequestContext context) {
        boolean maySee =
                authorizer.isAllowed(
                        context,
                        AclOperation.DESCRIBE,
                        ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME);
        return maySee
                ? bits(authorizer, context, CLUSTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
                : 0;
    }

    private static int bits(
            RequestAuthorizer authorizer,
            RequestContext context,
            Set<AclOperation> operations,
            ResourceType type,
            String name) {
        int bits = 0;
        for (AclOperation operation : operations) {
            if (authorizer.isAllowed(context, operation, type, name)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }
}
