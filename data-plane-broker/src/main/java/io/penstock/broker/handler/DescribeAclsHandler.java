package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeAclsResponseData.AclDescription;
import org.apache.kafka.common.message.DescribeAclsResponseData.DescribeAclsResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Access control entries by resource; needs DESCRIBE on the cluster. */
public final class DescribeAclsHandler implements RequestHandler<DescribeAclsRequestData> {

    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;
    private final boolean enabled;

    /**
     * @param enabled whether an authorizer is configured at all
     */
    public DescribeAclsHandler(
            MetadataCache metadata, RequestAuthorizer authorizer, boolean enabled) {
        this.metadata = metadata;
        this.authorizer = authorizer;
        this.enabled = enabled;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_ACLS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DescribeAclsRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private DescribeAclsResponseData answer(
            RequestContext context, DescribeAclsRequestData request) {
        DescribeAclsResponseData response = new DescribeAclsResponseData();
        if (!enabled) {
            return response.setErrorCode(Errors.SECURITY_DISABLED.code())
                    .setErrorMessage("no authorizer is configured on this broker");
        }
        if (!new Permission(authorizer, context).onCluster(AclOperation.DESCRIBE)) {
            return response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code())
                    .setErrorMessage(Errors.CLUSTER_AUTHORIZATION_FAILED.message());
        }
        AclBindingFilter filter =
                new AclBindingFilter(
                        new ResourcePatternFilter(
                                ResourceType.fromCode(request.resourceTypeFilter()),
                                request.resourceNameFilter(),
                                PatternType.fromCode(request.patternTypeFilter())),
                        new AccessControlEntryFilter(
                                request.principalFilter(),
                                request.hostFilter(),
                                AclOperation.fromCode(request.operation()),
                                AclPermissionType.fromCode(request.permissionType())));
        if (filter.isUnknown()) {
            return response.setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("the filter has a value that this broker does not know");
        }
        Map<ResourcePattern, DescribeAclsResource> byResource = new LinkedHashMap<>();
        metadata.current().acls().stream()
                .filter(filter::matches)
                .forEach(
                        binding ->
                                byResource
                                        .computeIfAbsent(
                                                binding.pattern(), DescribeAclsHandler::resource)
                                        .acls()
                                        .add(description(binding)));
        response.resources().addAll(byResource.values());
        return response;
    }

    private static DescribeAclsResource resource(ResourcePattern pattern) {
        return new DescribeAclsResource()
                .setResourceType(pattern.resourceType().code())
                .setResourceName(pattern.name())
                .setPatternType(pattern.patternType().code());
    }

    private static AclDescription description(AclBinding binding) {
        return new AclDescription()
                .setPrincipal(binding.entry().principal())
                .setHost(binding.entry().host())
                .setOperation(binding.entry().operation().code())
                .setPermissionType(binding.entry().permissionType().code());
    }
}
