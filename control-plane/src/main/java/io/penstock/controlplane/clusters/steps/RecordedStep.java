package io.penstock.controlplane.clusters.steps;

import io.penstock.controlplane.operations.Step;

import java.time.Duration;

/** A step whose work is done in the database. */
interface RecordedStep extends Step {
    @Override
    default Duration deadline() {
        return Duration.ofSeconds(5);
    }

    @Override
    default Duration timeout() {
        return Duration.ofSeconds(30);
    }
}
