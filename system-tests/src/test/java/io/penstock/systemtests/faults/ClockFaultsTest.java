package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Wall clocks that jump, to and fro. Needs libfaketime. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class ClockFaultsTest {
    private static final ClusterPlan PLAN = ClusterPlan.ofThreeBrokers().withMovableClocks();

    @BeforeEach
    void needLibrary() throws Exception {
        assumeTrue(
                MovableClock.library().isPresent(),
                "A process's clock can only be moved with libfaketime (package libfaketime)");
    }

    @Test
    void aLeadersClockMayJump() throws Exception {
        var row = Faults.strike("clock jump of a leader", PLAN, ClockFaults::jumpAtLeader);

        assertThat(row.failed()).as("failed sends").isZero();
    }

    @Test
    void theControllersClockMayJump() throws Exception {
        var row =
                Faults.strike("clock jump of the controller", PLAN, ClockFaults::jumpAtController);

        assertThat(row.failed()).as("failed sends").isZero();
    }
}
