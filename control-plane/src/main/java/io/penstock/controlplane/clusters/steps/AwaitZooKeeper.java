package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.StepContext;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.NodeProbe;
import io.penstock.controlplane.platform.NodeReport;
import io.penstock.provisioner.nodes.NodePlacement;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.Optional;

/** Waits until every ZooKeeper node is a member of one quorum. */
@ApplicationScoped
class AwaitZooKeeper implements NodeWait {
    private final ClusterAccess.Source clusters;
    private final NodeProbe probe;

    AwaitZooKeeper(ClusterAccess.Source clusters, NodeProbe probe) {
        this.clusters = clusters;
        this.probe = probe;
    }

    @Override
    public String name() {
        return "await_zookeeper";
    }

    @Override
    public String title() {
        return "ZooKeeper forms a quorum";
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        var nodes = clusters.of(context.clusterId()).layout().zooKeeperNodes();
        context.await(
                () ->
                        nodes.stream()
                                .flatMap(node -> pending(context.clusterId(), node).stream())
                                .findFirst());
        return nodes.size() == 1 ? "One node, standalone" : nodes.size() + " nodes, one leader";
    }

    private Optional<String> pending(String clusterId, NodePlacement node) {
        return switch (probe.ask(clusterId, node)) {
            case NodeReport.ZooKeeper report when report.serving() -> Optional.empty();
            case NodeReport.ZooKeeper report ->
                    Optional.of("%s is %s".formatted(node.name(), report.mode()));
            case NodeReport.Broker broker -> Optional.of(node.name() + " says it is a broker");
            case NodeReport.Unreachable gone -> Optional.of(node.name() + " does not answer yet");
        };
    }
}
