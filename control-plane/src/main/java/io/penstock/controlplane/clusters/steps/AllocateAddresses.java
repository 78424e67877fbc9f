package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.StepContext;

import jakarta.enterprise.context.ApplicationScoped;

/** Reserves a network of the platform's range, and an address in it for each node. */
@ApplicationScoped
class AllocateAddresses implements RecordedStep {
    private final ClusterLifecycle clusters;

    AllocateAddresses(ClusterLifecycle clusters) {
        this.clusters = clusters;
    }

    @Override
    public String name() {
        return "allocate_addresses";
    }

    @Override
    public String title() {
        return "Reserve addresses";
    }

    @Override
    public String execute(StepContext context) {
        return "Network " + clusters.allocateAddresses(context.tenant(), context.clusterId());
    }
}
