package io.penstock.broker.group;

import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Lets a subscription by regular expression match only topics that its member may describe. The
 * coordinator asks nothing else of an authorizer; whatever else is asked is denied.
 */
final class PatternAuthorizer implements Authorizer {

    private final TopicVisibility visibility;

    PatternAuthorizer(TopicVisibility visibility) {
        this.visibility = visibility;
    }

    @Override
    public List<AuthorizationResult> authorize(
            AuthorizableRequestContext context, List<Action> actions) {
        return actions.stream()
                .map(
                        action ->
                                isAllowed(context, action)
                                        ? AuthorizationResult.ALLOWED
                                        : AuthorizationResult.DENIED)
                .toList();
    }

    private boolean isAllowed(AuthorizableRequestContext context, Action action) {
        return action.operation() == AclOperation.DESCRIBE
                && action.resourcePattern().resourceType() == ResourceType.TOPIC
                && context instanceof RequestOrigin origin
                && visibility.isVisible(origin.context(), action.resourcePattern().name());
    }

    @Override
    public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
        return Map.of();
    }

    @Override
    public List<? extends CompletionStage<AclCreateResult>> createAcls(
            AuthorizableRequestContext context, List<AclBinding> bindings) {
        throw new UnsupportedOperationException("ACLs are changed through the controller");
    }

    @Override
    public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
            AuthorizableRequestContext context, List<AclBindingFilter> filters) {
        throw new UnsupportedOperationException("ACLs are changed through the controller");
    }

    @Override
    public Iterable<AclBinding> acls(AclBindingFilter filter) {
        return List.of();
    }

    @Override
    public void configure(Map<String, ?> properties) {}

    @Override
    public void close() {}
}
