package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.Step;
import io.penstock.controlplane.operations.StepContext;

import jakarta.enterprise.context.ApplicationScoped;

import java.time.Duration;

/**
 * Makes the certificate authority that every node of the cluster, and nobody else, is signed by.
 */
@ApplicationScoped
class CreateAuthority implements Step {
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
    public Duration deadline() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(30);
    }

    @Override
    public String execute(StepContext context) {
        clusters.createAuthority(context.clusterId());
        return "The cluster signs its own certificates";
    }
}
