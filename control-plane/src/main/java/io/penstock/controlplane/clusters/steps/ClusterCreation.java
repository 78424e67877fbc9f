package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.clusters.ClusterLifecycle;
import io.penstock.controlplane.operations.OperationDefinition;
import io.penstock.controlplane.operations.OperationType;
import io.penstock.controlplane.operations.Step;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.List;

@ApplicationScoped
class ClusterCreation implements OperationDefinition {
    private final ClusterLifecycle clusters;
    private final List<Step> steps;

    ClusterCreation(
            ClusterLifecycle clusters,
            AllocateAddresses allocateAddresses,
            CreateAuthority createAuthority,
            ApplyInfrastructure applyInfrastructure,
            EnrolNodes enrolNodes,
            AwaitZooKeeper awaitZooKeeper,
            AwaitBrokers awaitBrokers,
            SendCanary sendCanary) {
        this.clusters = clusters;
        this.steps =
                List.of(
                        allocateAddresses,
                        createAuthority,
                        applyInfrastructure,
                        enrolNodes,
                        awaitZooKeeper,
                        awaitBrokers,
                        sendCanary);
    }

    @Override
    public OperationType type() {
        return OperationType.CLUSTER_CREATE;
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    @Override
    public void succeeded(String clusterId) {
        clusters.activate(clusterId);
    }

    @Override
    public void failed(String clusterId) {
        clusters.fail(clusterId);
    }
}
