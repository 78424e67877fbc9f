package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.StepContext;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.NodeProbe;
import io.penstock.controlplane.platform.NodeReport;
import io.penstock.provisioner.nodes.NodePlacement;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.Optional;

/** Waits until every broker serves and knows all others. */
@ApplicationScoped
class AwaitBrokers implements NodeWait {
    private final ClusterAccess.Source clusters;
    private final NodeProbe probe;

    AwaitBrokers(ClusterAccess.Source clusters, NodeProbe probe) {
        this.clusters = clusters;
        this.probe = probe;
    }

    @Override
    public String name() {
        return "await_brokers";
    }

    @Override
    public String title() {
        return "Brokers register";
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        var brokers = clusters.of(context.clusterId()).layout().brokers();
        context.await(
                () ->
                        brokers.stream()
                                .flatMap(
                                        broker ->
                                                pending(context.clusterId(), broker, brokers.size())
                                                        .stream())
                                .findFirst());
        return brokers.size() == 1 ? "1 broker serves" : brokers.size() + " brokers serve";
    }

    private Optional<String> pending(String clusterId, NodePlacement node, int all) {
        return switch (probe.ask(clusterId, node)) {
            case NodeReport.Broker report when !report.serving() ->
                    Optional.of("%s is %s".formatted(node.name(), report.state()));
            case NodeReport.Broker report when report.knownBrokers() < all ->
                    Optional.of(
                            "%s knows %d of %d brokers"
                                    .formatted(node.name(), report.knownBrokers(), all));
            case NodeReport.Broker report -> Optional.empty();
            case NodeReport.ZooKeeper other -> Optional.of(node.name() + " says it is ZooKeeper");
            case NodeReport.Unreachable gone -> Optional.of(node.name() + " does not answer yet");
        };
    }
}
