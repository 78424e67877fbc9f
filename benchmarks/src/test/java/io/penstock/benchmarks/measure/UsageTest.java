package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.measure.Usage.ProcessUsage;

import org.junit.jupiter.api.Test;

import java.util.List;

class UsageTest {

    private static final List<ProcessUsage> PROCESSES =
            List.of(
                    new ProcessUsage("zookeeper", false, 1, 1.5, new Memory(90, 90)),
                    new ProcessUsage("broker-1", true, 2, 4, new Memory(200, 210)),
                    new ProcessUsage("broker-2", true, 3, 6, new Memory(300, 310)));

    @Test
    void theSideCountsEveryProcessAndTheBrokersOnlyBrokers() {
        Usage usage = new Usage(10, PROCESSES, 3, 0, 0, 0, 50);

        assertThat(usage.brokerSeconds()).isEqualTo(10);
        assertThat(usage.sideSeconds()).isEqualTo(11.5);
        assertThat(usage.brokerResidentMib()).isEqualTo(250);
    }

    @Test
    void foreignAndStolenTimeTogetherDisturb() {
        assertThat(new Usage(10, PROCESSES, 3, 6, 3, 40, 0).disturbed()).isFalse();
        assertThat(new Usage(10, PROCESSES, 3, 6, 5, 0, 0).disturbed()).isTrue();
    }
}
