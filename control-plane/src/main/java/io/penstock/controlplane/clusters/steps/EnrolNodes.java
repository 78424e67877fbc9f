package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.StepContext;
import io.penstock.controlplane.platform.EnrolmentTokens;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.Optional;

/** Waits until every node has its certificate. */
@ApplicationScoped
class EnrolNodes implements NodeWait {
    private final EnrolmentTokens tokens;

    EnrolNodes(EnrolmentTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public String name() {
        return "enrol_nodes";
    }

    @Override
    public String title() {
        return "Nodes enrol";
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        context.await(
                () -> {
                    var missing = tokens.unenrolled(context.clusterId());
                    return missing.isEmpty()
                            ? Optional.empty()
                            : Optional.of("Waiting for " + String.join(", ", missing));
                });
        return "Every node has its certificate";
    }
}
