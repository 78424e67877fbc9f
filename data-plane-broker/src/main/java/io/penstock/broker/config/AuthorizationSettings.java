package io.penstock.broker.config;

import java.util.Set;

/**
 * @param enabled whether ACLs decide; without them everybody may do everything
 * @param superUsers principals as {@code Type:name} that no ACL concerns
 * @param allowWhereNoAclExists lets everybody use a resource that no ACL names
 */
public record AuthorizationSettings(
        boolean enabled, Set<String> superUsers, boolean allowWhereNoAclExists) {}
