package io.penstock.broker.security;

import io.penstock.broker.config.AuthorizationSettings;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides by the cluster's ACLs, with Kafka's rules: super users may do everything, a matching DENY
 * wins over any ALLOW, and what nothing allows is denied.
 */
public final class AclAuthorizer implements RequestAuthorizer {

    private final Set<KafkaPrincipal> superUsers;
    private final boolean allowWhereNoAclExists;
    private final MetadataCache metadata;

    private volatile Indexed indexed = new Indexed(Set.of(), new AclIndex(Set.of()));

    /** The index, with the very set it was made of. */
    private record Indexed(Set<AclBinding> acls, AclIndex index) {}

    public AclAuthorizer(AuthorizationSettings settings, MetadataCache metadata) {
        this.superUsers =
                settings.superUsers().stream()
                        .map(AclAuthorizer::principal)
                        .collect(Collectors.toUnmodifiableSet());
        this.allowWhereNoAclExists = settings.allowWhereNoAclExists();
        this.metadata = metadata;
    }

    private static KafkaPrincipal principal(String text) {
        int colon = text.indexOf(':');
        return new KafkaPrincipal(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public boolean isAllowed(
            RequestContext context,
            AclOperation operation,
            ResourceType resourceType,
            String resourceName) {
        if (superUsers.contains(context.principal())) {
            return true;
        }
        return switch (index().decide(subject(context), operation, resourceType, resourceName)) {
            case ALLOWED -> true;
            case DENIED -> false;
            case NO_ACL_OF_RESOURCE -> allowWhereNoAclExists;
        };
    }

    @Override
    public boolean isAllowedOnAny(
            RequestContext context, AclOperation operation, ResourceType resourceType) {
        if (superUsers.contains(context.principal())) {
            return true;
        }
        return index().isAllowedOnAny(
                        subject(context), operation, resourceType, allowWhereNoAclExists);
    }

    private static AclIndex.Subject subject(RequestContext context) {
        return new AclIndex.Subject(
                context.principal().toString(), context.clientAddress().getHostAddress());
    }

    /** Images that did not change the ACLs share their set, so its identity tells. */
    @SuppressWarnings("ReferenceEquality")
    private AclIndex index() {
        Set<AclBinding> acls = metadata.current().acls();
        Indexed present = indexed;
        if (present.acls() == acls) {
            return present.index();
        }
        AclIndex index = present.acls().equals(acls) ? present.index() : new AclIndex(acls);
        indexed = new Indexed(acls, index);
        return index;
    }
}
