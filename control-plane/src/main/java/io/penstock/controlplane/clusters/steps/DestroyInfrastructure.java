package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterCanary;
import io.penstock.controlplane.operations.StepContext;
import io.penstock.controlplane.platform.Infrastructure;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Has Terraform remove every node with its data, sweeps what it did not know, and drops its state.
 */
@ApplicationScoped
class DestroyInfrastructure implements PlatformStep {
    private final ClusterCanary.Source clients;
    private final Infrastructure infrastructure;

    DestroyInfrastructure(ClusterCanary.Source clients, Infrastructure infrastructure) {
        this.clients = clients;
        this.infrastructure = infrastructure;
    }

    @Override
    public String name() {
        return "destroy_infrastructure";
    }

    @Override
    public String title() {
        return "Remove the nodes and their data";
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        clients.close(context.clusterId());
        infrastructure.destroy(context.clusterId(), context);
        return "Nothing of the cluster is left on the platform";
    }
}
