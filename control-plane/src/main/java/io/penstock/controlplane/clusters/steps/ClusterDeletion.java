package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.OperationDefinition;
import io.penstock.controlplane.operations.OperationType;
import io.penstock.controlplane.operations.Step;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.List;

@ApplicationScoped
class ClusterDeletion implements OperationDefinition {
    private final ClusterLifecycle clusters;
    private final List<Step> steps;

    ClusterDeletion(
            ClusterLifecycle clusters,
            DestroyInfrastructure destroyInfrastructure,
            ReleaseResources releaseResources) {
        this.clusters = clusters;
        this.steps = List.of(destroyInfrastructure, releaseResources);
    }

    @Override
    public OperationType type() {
        return OperationType.CLUSTER_DELETE;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    @Override
    public void succeeded(String clusterId) {
        clusters.delete(clusterId);
    }

    @Override
    public void failed(String clusterId) {
        clusters.fail(clusterId);
    }
}
