package io.penstock.broker.security;

import io.penstock.broker.config.AuthorizationSettings;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Chooses the authorizer that the configuration asks for. */
public final class Authorizers {

    private Authorizers() {}

    public static RequestAuthorizer of(AuthorizationSettings settings, MetadataCache metadata) {
        return settings.enabled() ? new AclAuthorizer(settings, metadata) : new AllowEverything();
    }

    /** For clusters without an authorizer, as in Kafka. */
    private record AllowEverything() implements RequestAuthorizer {

        @Override
        public boolean isAllowed(
                RequestContext context,
                AclOperation operation,
                ResourceType resourceType,
                String resourceName) {
            return true;
        }

        @Override
        public boolean isAllowedOnAny(
                RequestContext context, AclOperation operation, ResourceType resourceType) {
            return true;
        }
    }
}
