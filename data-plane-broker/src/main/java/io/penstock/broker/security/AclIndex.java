package io.penstock.broker.security;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ACLs of one image, arranged for the question whether somebody may do something to a resource.
 * Immutable. A prefix is found by the lengths that occur among prefixes, of which there are few.
 */
final class AclIndex {

    private static final String ANY_HOST = "*";

    /** Which operations, when allowed, allow this one too. */
    private static final Map<AclOperation, Set<AclOperation>> IMPLIED_BY =
            Map.of(
                    AclOperation.DESCRIBE,
                    EnumSet.of(
                            AclOperation.READ,
                            AclOperation.WRITE,
                            AclOperation.DELETE,
                            AclOperation.ALTER),
                    AclOperation.DESCRIBE_CONFIGS,
                    EnumSet.of(AclOperation.ALTER_CONFIGS));

    enum Decision {
        ALLOWED,
        DENIED,
        NO_ACL_OF_RESOURCE
    }

    /**
     * @param principal as {@code Type:name}
     */
    record Subject(String principal, String host) {

        boolean isMeantBy(AccessControlEntry entry) {
            return (entry.host().equals(ANY_HOST) || entry.host().equals(host))
                    && (entry.principal().equals(principal) || isAnyoneOfType(entry.principal()));
        }

        private boolean isAnyoneOfType(String wildcard) {
            return wildcard.endsWith(":*")
                    && principal.startsWith(wildcard.substring(0, wildcard.length() - 1));
        }
    }

    private final Map<ResourceType, OfType> byType = new EnumMap<>(ResourceType.class);

    AclIndex(Collection<AclBinding> acls) {
        for (AclBinding acl : acls) {
            byType.computeIfAbsent(acl.pattern().resourceType(), ignored -> new OfType()).add(acl);
        }
    }

    Decision decide(Subject subject, AclOperation operation, ResourceType type, String name) {
        OfType ofType = byType.get(type);
        if (ofType == null) {
            return Decision.NO_ACL_OF_RESOURCE;
        }
        List<List<AccessControlEntry>> matching = ofType.matching(name);
        if (matching.isEmpty()) {
            return Decision.NO_ACL_OF_RESOURCE;
        }
        boolean allowed = false;
        for (List<AccessControlEntry> entries : matching) {
            for (AccessControlEntry entry : entries) {
                if (denies(entry, operation) && subject.isMeantBy(entry)) {
                    return Decision.DENIED;
                }
                allowed = allowed || (allows(entry, operation) && subject.isMeantBy(entry));
            }
        }
        return allowed ? Decision.ALLOWED : Decision.DENIED;
    }

    /**
     * Whether there is, or could be, a resource of the type on which the operation is allowed: an
     * ALLOW that no DENY covers wholly.
     */
    boolean isAllowedOnAny(
            Subject subject, AclOperation operation, ResourceType type, boolean allowByDefault) {
        OfType ofType = byType.get(type);
        if (ofType == null) {
            return allowByDefault;
        }
        if (ofType.wildcard.stream().anyMatch(e -> denies(e, operation) && subject.isMeantBy(e))) {
            return false;
        }
        if (allowByDefault
                || ofType.wildcard.stream()
                        .anyMatch(e -> allows(e, operation) && subject.isMeantBy(e))) {
            return true;
        }
        return ofType.anyAllowedPrefix(subject, operation)
                || ofType.anyAllowedLiteral(subject, operation);
    }

    private static boolean denies(AccessControlEntry entry, AclOperation operation) {
        return entry.permissionType() == AclPermissionType.DENY
                && (entry.operation() == operation || entry.operation() == AclOperation.ALL);
    }

    private static boolean allows(AccessControlEntry entry, AclOperation operation) {
        return entry.permissionType() == AclPermissionType.ALLOW
                && (entry.operation() == operation
                        || entry.operation() == AclOperation.ALL
                        || IMPLIED_BY
                                .getOrDefault(operation, Set.of())
                                .contains(entry.operation()));
    }

    /** The ACLs of one resource type. */
    private static final class OfType {

        private final List<AccessControlEntry> wildcard = new ArrayList<>();
        private final Map<String, List<AccessControlEntry>> literal = new HashMap<>();

        /** By length, then by the prefix itself. */
        private final TreeMap<Integer, Map<String, List<AccessControlEntry>>> prefixes =
                new TreeMap<>();

        void add(AclBinding acl) {
            String name = acl.pattern().name();
            List<AccessControlEntry> entries;
            if (acl.pattern().patternType() == PatternType.PREFIXED) {
                entries =
                        prefixes.computeIfAbsent(name.length(), ignored -> new HashMap<>())
                                .computeIfAbsent(name, ignored -> new ArrayList<>());
            } else if (name.equals(ResourcePattern.WILDCARD_RESOURCE)) {
                entries = wildcard;
            } else {
                entries = literal.computeIfAbsent(name, ignored -> new ArrayList<>());
            }
            entries.add(acl.entry());
        }

        List<List<AccessControlEntry>> matching(String name) {
            List<List<AccessControlEntry>> matching = prefixesOf(name);
            List<AccessControlEntry> exact = literal.get(name);
            if (exact != null) {
                matching.add(exact);
            }
            if (!wildcard.isEmpty()) {
                matching.add(wildcard);
            }
            return matching;
        }

        private List<List<AccessControlEntry>> prefixesOf(String name) {
            List<List<AccessControlEntry>> matching = new ArrayList<>(4);
            for (var ofLength : prefixes.headMap(name.length(), true).entrySet()) {
                List<AccessControlEntry> entries =
                        ofLength.getValue().get(name.substring(0, ofLength.getKey()));
                if (entries != null) {
                    matching.add(entries);
                }
            }
            return matching;
        }

        boolean anyAllowedPrefix(Subject subject, AclOperation operation) {
            return prefixes.values().stream()
                    .flatMap(ofLength -> ofLength.entrySet().stream())
                    .anyMatch(
                            e ->
                                    anyAllows(e.getValue(), subject, operation)
                                            && !isDeniedByPrefix(e.getKey(), subject, operation));
        }

        boolean anyAllowedLiteral(Subject subject, AclOperation operation) {
            return literal.entrySet().stream()
                    .anyMatch(
                            e ->
                                    anyAllows(e.getValue(), subject, operation)
                                            && e.getValue().stream()
                                                    .noneMatch(
                                                            d ->
                                                                    denies(d, operation)
                                                                            && subject.isMeantBy(d))
                                            && !isDeniedByPrefix(e.getKey(), subject, operation));
        }

        private boolean isDeniedByPrefix(String name, Subject subject, AclOperation operation) {
            return prefixesOf(name).stream()
                    .flatMap(List::stream)
                    .anyMatch(e -> denies(e, operation) && subject.isMeantBy(e));
        }

        private static boolean anyAllows(
                List<AccessControlEntry> entries, Subject subject, AclOperation operation) {
            return entries.stream().anyMatch(e -> allows(e, operation) && subject.isMeantBy(e));
        }
    }
}
