package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.systemtests.faults.Violation.Rule;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole suite would notice a loss: here is one, made on purpose. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class SabotageTest {

    @Test
    void recordsThatTheirOnlyReplicaLostAreMissed() throws Exception {
        try (var run = FaultRun.start("sabotage", ClusterPlan.ofOneBroker(), Faults.SEED)) {
            var verdict = run.strike(DiskFaults::lostTails, 1).verdict();

            assertThat(verdict.violations())
                    .extracting(Violation::rule)
                    .contains(Rule.LOST, Rule.VANISHED, Rule.POSITION_LOST);
        }
    }
}
