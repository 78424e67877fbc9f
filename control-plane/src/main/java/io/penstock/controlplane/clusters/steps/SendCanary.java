package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.clusters.ClusterCanary;
import io.penstock.controlplane.clusters.NodeHealthTask;
import io.penstock.controlplane.operations.Step;
import io.penstock.controlplane.operations.StepContext;

import jakarta.enterprise.context.ApplicationScoped;

import java.time.Duration;

/** Proves that records pass through every broker, and notes the nodes' health. */
@ApplicationScoped
class SendCanary implements Step {
    private final ClusterCanary.Source clients;
    private final NodeHealthTask health;

    SendCanary(ClusterCanary.Source clients, NodeHealthTask health) {
        this.clients = clients;
        this.health = health;
    }

    @Override
    public String name() {
        return "canary";
    }

    @Override
    public String title() {
        return "Send and read a record";
    }

    @Override
    public Duration deadline() {
        return Duration.ofSeconds(20);
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public String execute(StepContext context) throws InterruptedException {
        String seen;
        try {
            seen = clients.of(context.clusterId()).canary();
        } catch (ProblemException e) {
            // A new connection, with a new look at the brokers, for the next attempt.
            clients.close(context.clusterId());
            throw e;
        }
        health.check(context.tenant(), context.clusterId());
        return seen;
    }
}
