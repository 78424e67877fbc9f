package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.Step;

import java.time.Duration;

/** A step that waits for what the nodes do by themselves once they have started. */
interface NodeWait extends Step {
    @Override
    default Duration deadline() {
        return Duration.ofMinutes(1);
    }

    @Override
    default Duration timeout() {
        return Duration.ofMinutes(5);
    }
}
