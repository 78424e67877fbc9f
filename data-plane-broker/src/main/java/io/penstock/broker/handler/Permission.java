package io.penstock.broker.handler;

import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** What one request's principal may do, by the resources that administration is about. */
record Permission(RequestAuthorizer authorizer, RequestContext context) {

    boolean onTopic(AclOperation operation, String topic) {
        return authorizer.isAllowed(context, operation, ResourceType.TOPIC, topic);
    }

    boolean onCluster(AclOperation operation) {
        return authorizer.isAllowed(
                context, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    }

    /** NONE when the resource's dynamic configuration may be altered. */
    Errors alterConfigs(byte resourceType, String name) {
        return switch (ConfigResource.Type.forId(resourceType)) {
            case TOPIC ->
                    onTopic(AclOperation.ALTER_CONFIGS, name)
                            ? Errors.NONE
                            : Errors.TOPIC_AUTHORIZATION_FAILED;
            default ->
                    onCluster(AclOperation.ALTER_CONFIGS)
                            ? Errors.NONE
                            : Errors.CLUSTER_AUTHORIZATION_FAILED;
        };
    }
}
