package io.penstock.systemtests.faults;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Slow is not dead: nobody is fenced for want of processor time, or for a short stand-still. */
@Tag("busy")
class BusyTest {
    private static final Duration DURATION =
            Duration.ofMinutes(Long.getLong("penstock.busy.minutes", 5));

    @Test
    void aBusyMachineFencesNobody() throws Exception {
        Faults.strike(
                "busy machine for %d min".formatted(DURATION.toMinutes()),
                ClusterPlan.ofThreeBrokers(),
                BusyMachine.lasting(DURATION),
                1);
    }
}
