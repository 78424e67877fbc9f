package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.StepContext;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.EnrolmentTokens;
import io.penstock.controlplane.platform.Infrastructure;

import jakarta.enterprise.context.ApplicationScoped;

/** Has Terraform make every node, each with its one-time token. */
@ApplicationScoped
class ApplyInfrastructure implements PlatformStep {
    private final ClusterAccess.Source clusters;
    private final EnrolmentTokens tokens;
    private final Infrastructure infrastructure;

    ApplyInfrastructure(
            ClusterAccess.Source clusters, EnrolmentTokens tokens, Infrastructure infrastructure) {
        this.clusters = clusters;
        this.tokens = tokens;
        this.infrastructure = infrastructure;
    }

    @Override
    public String name() {
        return "apply_infrastructure";
    }

    @Override
    public String title() {
        return "Create the nodes";
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        var layout = clusters.of(context.clusterId()).layout();
        infrastructure.apply(layout, tokens.issue(layout), context);
        return layout.nodes().size() + " nodes exist";
    }
}
