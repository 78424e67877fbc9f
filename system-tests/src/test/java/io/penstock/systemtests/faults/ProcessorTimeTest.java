package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class ProcessorTimeTest {

    @Test
    void idleAndWaitingTimeIsNotBusyAndGuestsAreCountedOnce() {
        var before = ProcessorTime.of("cpu  100 0 100 700 100 0 0 0 50 0");
        var after = ProcessorTime.of("cpu  160 5 115 720 110 0 5 5 100 0");

        assertThat(after.busySince(before)).isEqualTo(0.75);
    }

    @Test
    void nothingIsBusyInNoTime() {
        var now = ProcessorTime.of("cpu  1 2 3 4 5 6 7 8 9 10");

        assertThat(now.busySince(now)).isZero();
    }
}
