package io.penstock.benchmarks.report;

import io.penstock.benchmarks.scenario.Measured;
import io.penstock.benchmarks.scenario.Scenario;

import java.time.Instant;

/** One scenario, against one side, in one round. */
public record Run(Scenario scenario, String side, int round, Instant startedAt, Outcome outcome) {

    /** How it ended. */
    public sealed interface Outcome {
        record Succeeded(Measured measured) implements Outcome {}

        record Failed(String reason) implements Outcome {}
    }

    public boolean disturbed() {
        return outcome instanceof Outcome.Succeeded(Measured measured)
                && measured.usage().disturbed();
    }
}
