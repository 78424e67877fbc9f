package io.penstock.broker.security;

import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Says whether a request's principal may do something. Denies what no ACL allows. */
public interface RequestAuthorizer {

    boolean isAllowed(
            RequestContext context,
            AclOperation operation,
            ResourceType resourceType,
            String resourceName);

    /** Whether the principal may do this on any resource of the type at all (KIP-679). */
    boolean isAllowedOnAny(
            RequestContext context, AclOperation operation, ResourceType resourceType);
}
