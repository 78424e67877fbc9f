package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ProcessTimesTest {

    @Test
    void aNameWithBlanksAndBracketsDoesNotShiftTheFields() {
        String stat =
                "4711 (java (x) y) S 1 4711 4711 0 -1 4194560 5000 70 1 0 1250 250 300 40 20 0 55 0"
                        + " 900 1000 2000";

        ProcessTimes times = ProcessTimes.parse(stat);

        assertThat(times.ownSeconds()).isEqualTo(15.0);
        assertThat(times.reapedSeconds()).isEqualTo(3.4);
        assertThat(times.allSeconds()).isEqualTo(18.4);
    }

    @Test
    void aProcessThatHasEndedUsesNothing() {
        assertThat(LinuxProcesses.times(Long.MAX_VALUE)).isEqualTo(ProcessTimes.NONE);
        assertThat(LinuxProcesses.memory(Long.MAX_VALUE)).isEqualTo(Memory.NONE);
        assertThat(LinuxProcesses.threads(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void thisProcessHasUsedCpuAndMemory() {
        long self = ProcessHandle.current().pid();

        assertThat(LinuxProcesses.times(self).ownSeconds()).isPositive();
        assertThat(LinuxProcesses.memory(self).residentMib()).isPositive();
        assertThat(LinuxProcesses.ownFamilySeconds())
                .isGreaterThanOrEqualTo(LinuxProcesses.times(self).ownSeconds() - 1);
        assertThat(LinuxProcesses.threads(self)).isNotEmpty();
    }

    @Test
    void memoryIsReadInMebibytes() {
        Memory memory =
                Memory.parse(List.of("Name:\tjava", "VmHWM:\t  204800 kB", "VmRSS:\t  102400 kB"));

        assertThat(memory).isEqualTo(new Memory(100, 200));
    }

    @Test
    void waitingForADiskIsIdleAndSoIsNotForeignLoad() {
        MachineTimes before = MachineTimes.parse("cpu  100 0 50 1000 10 0 0 5 0 0");
        MachineTimes after = MachineTimes.parse("cpu  130 0 60 1050 20 0 0 5 0 0");

        assertThat(after.since(before)).isEqualTo(new MachineTimes(60, 0, 100));
    }
}
