package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterCanary;
import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.StepContext;

import jakarta.enterprise.context.ApplicationScoped;

/** Gives addresses back, and forgets the cluster's keys, tokens and credentials. */
@ApplicationScoped
class ReleaseResources implements RecordedStep {
    private final ClusterLifecycle clusters;
    private final ClusterCanary.Source clients;

    ReleaseResources(ClusterLifecycle clusters, ClusterCanary.Source clients) {
        this.clusters = clusters;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "release_resources";
    }

    @Override
    public String title() {
        return "Release addresses and secrets";
    }

    @Override
    public String execute(StepContext context) {
        clusters.release(context.clusterId());
        clients.close(context.clusterId());
        return "Addresses are free again";
    }
}
