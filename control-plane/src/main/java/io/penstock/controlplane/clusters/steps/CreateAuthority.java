package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.StepContext;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Makes the certificate authority that every node of the cluster, and nobody else, is signed by.
 */
@ApplicationScoped
class CreateAuthority implements RecordedStep {
    private final ClusterLifecycle clusters;

    CreateAuthority(ClusterLifecycle clusters) {
        this.clusters = clusters;
    }

    @Override
    public String name() {
        return "create_authority";
    }

    @Override
    public String title() {
        return "Create the certificate authority";
    }

    @Override
    public String execute(StepContext context) {
        clusters.createAuthority(context.clusterId());
        return "The cluster signs its own certificates";
    }
}
