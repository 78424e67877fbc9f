package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many lives as are asked for, by {@code ./penstock test simulation --seed N --times N}. */
@Tag("simulation")
class LongSimulationTest {

    @Test
    void noSeedBreaksAnInvariant() {
        long first = Long.getLong("penstock.seed", 0);
        long count = Long.getLong("penstock.times", 1);
        for (long seed = first; seed < first + count; seed++) {
            Simulation.Outcome outcome = count == 1 ? SeededRun.told(seed) : SeededRun.of(seed);
            assertThat(outcome.acknowledged()).as("seed %d", seed).isPositive();
        }
    }
}
