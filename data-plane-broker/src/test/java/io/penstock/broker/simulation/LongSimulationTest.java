package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.testing.QuietLog;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;

/** As many lives as are asked for, by {@code ./penstock test simulation --seed N --times N}. */
@Tag("simulation")
@ExtendWith(QuietLog.class)
class LongSimulationTest {

    private static final long BETWEEN_LINES_NANOS = 10_000_000_000L;

    /** With so many there is enough to look at. */
    private static final int MOST_FAILURES = 20;

    private final long first = Long.getLong("penstock.seed", 0);
    private final long count = Long.getLong("penstock.times", 1);
    private final List<Long> failed = new ArrayList<>();
    private long events;
    private long acknowledged;

    @Test
    void noSeedBreaksAnInvariant() {
        long lastLine = System.nanoTime();
        for (long seed = first; seed < first + count && failed.size() < MOST_FAILURES; seed++) {
            live(seed);
            if (System.nanoTime() - lastLine > BETWEEN_LINES_NANOS) {
                lastLine = System.nanoTime();
                tell(seed - first + 1);
            }
        }
        tell(count);
        assertThat(failed).as("seeds that break an invariant").isEmpty();
    }

    private void live(long seed) {
        try {
            Simulation.Outcome outcome = count == 1 ? SeededRun.told(seed) : SeededRun.of(seed);
            assertThat(outcome.acknowledged()).as("seed %d", seed).isPositive();
            events += outcome.events();
            acknowledged += outcome.acknowledged();
        } catch (AssertionError broken) {
            failed.add(seed);
            broken.printStackTrace(System.out);
        }
    }

    private void tell(long lives) {
        System.out.printf(
                "%,d of %,d lives: %,d events, %,d records acknowledged, %d failed%n",
                lives, count, events, acknowledged, failed.size());
    }
}
