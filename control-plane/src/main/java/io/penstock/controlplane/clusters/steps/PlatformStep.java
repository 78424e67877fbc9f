package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.Step;

import java.time.Duration;

/** A step that changes what the platform runs. */
interface PlatformStep extends Step {
    @Override
    default Duration deadline() {
        return Duration.ofMinutes(2);
    }

    @Override
    default Duration timeout() {
        return Duration.ofMinutes(10);
    }
}
