package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsMatchingAcl;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Access control entries. Creating one twice is the same as once. */
final class AclDecisions {

    private AclDecisions() {}

    static Decision create(ClusterImage image, CreateAclsRequestData request) {
        CreateAclsResponseData response = new CreateAclsResponseData();
        Set<AclBinding> added = new LinkedHashSet<>();
        for (AclCreation creation : request.creations()) {
            AclCreationResult result = new AclCreationResult();
            try {
                AclBinding binding = binding(creation);
                if (!image.acls().contains(binding)) {
                    added.add(binding);
                }
            } catch (Refusal refusal) {
                result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.getMessage());
            }
            response.results().add(result);
        }
        return Decision.of(
                added.isEmpty()
                        ? List.of()
                        : List.of(new MetadataRecord.AclsAdded(List.copyOf(added))),
                response);
    }

    private static AclBinding binding(AclCreation creation) throws Refusal {
        ResourceType type = ResourceType.fromCode(creation.resourceType());
        PatternType patternType = PatternType.fromCode(creation.resourcePatternType());
        AclOperation operation = AclOperation.fromCode(creation.operation());
        AclPermissionType permission = AclPermissionType.fromCode(creation.permissionType());
        boolean specific =
                !type.isUnknown()
                        && type != ResourceType.ANY
                        && patternType.isSpecific()
                        && !operation.isUnknown()
                        && operation != AclOperation.ANY
                        && !permission.isUnknown()
                        && permission != AclPermissionType.ANY;
        if (!specific) {
            throw Refusal.of(
                    Errors.INVALID_REQUEST,
                    "resource type, pattern type, operation and permission must be specific values");
        }
        if (creation.resourceName().isEmpty()) {
            throw Refusal.of(Errors.INVALID_REQUEST, "the resource's name must not be empty");
        }
        if (type == ResourceType.CLUSTER && !creation.resourceName().equals("kafka-cluster")) {
            throw Refusal.of(
                    Errors.INVALID_REQUEST, "the only resource of type CLUSTER is kafka-cluster");
        }
        if (!creation.principal().matches("[A-Za-z]+:.+")) {
            throw Refusal.of(
                    Errors.INVALID_REQUEST,
                    "a principal has a type and a name, as User:alice; not '"
                            + creation.principal()
                            + "'");
        }
        return new AclBinding(
                new ResourcePattern(type, creation.resourceName(), patternType),
                new AccessControlEntry(
                        creation.principal(), creation.host(), operation, permission));
    }

    static Decision delete(ClusterImage image, DeleteAclsRequestData request) {
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        Set<AclBinding> removed = new LinkedHashSet<>();
        for (DeleteAclsFilter each : request.filters()) {
            AclBindingFilter filter =
                    new AclBindingFilter(
                            new ResourcePatternFilter(
                                    ResourceType.fromCode(each.resourceTypeFilter()),
                                    each.resourceNameFilter(),
                                    PatternType.fromCode(each.patternTypeFilter())),
                            new AccessControlEntryFilter(
                                    each.principalFilter(),
                                    each.hostFilter(),
                                    AclOperation.fromCode(each.operation()),
                                    AclPermissionType.fromCode(each.permissionType())));
            DeleteAclsFilterResult result = new DeleteAclsFilterResult();
            if (filter.isUnknown()) {
                result.setErrorCode(Errors.INVALID_REQUEST.code())
                        .setErrorMessage("the filter has a value that this broker does not know");
            } else {
                List<DeleteAclsMatchingAcl> matching = new ArrayList<>();
                image.acls().stream()
                        .filter(filter::matches)
                        .forEach(
                                binding -> {
                                    removed.add(binding);
                                    matching.add(matching(binding));
                                });
                result.setMatchingAcls(matching);
            }
            response.filterResults().add(result);
        }
        return Decision.of(
                removed.isEmpty()
                        ? List.of()
                        : List.of(new MetadataRecord.AclsRemoved(List.copyOf(removed))),
                response);
    }

    private static DeleteAclsMatchingAcl matching(AclBinding binding) {
        return new DeleteAclsMatchingAcl()
                .setResourceType(binding.pattern().resourceType().code())
                .setResourceName(binding.pattern().name())
                .setPatternType(binding.pattern().patternType().code())
                .setPrincipal(binding.entry().principal())
                .setHost(binding.entry().host())
                .setOperation(binding.entry().operation().code())
                .setPermissionType(binding.entry().permissionType().code());
    }
}
