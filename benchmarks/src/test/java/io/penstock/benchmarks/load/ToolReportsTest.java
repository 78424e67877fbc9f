package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class ToolReportsTest {

    private static final String WHOLE =
            "9000 records sent, 4000.0 records/sec (3.91 MB/sec), 9.0 ms avg latency, 500.0 ms max"
                    + " latency, 7 ms 50th, 8 ms 95th, 90 ms 99th, 100 ms 99.9th.\n";
    private static final String STEADY =
            "8100 steady state records sent, 5000.5 records/sec (4.88 MB/sec), 5.2 ms avg latency,"
                    + " 250.0 ms max latency, 4 ms 50th, 9 ms 95th, 21 ms 99th, 33 ms 99.9th.\n";

    @Test
    void recordsOfTheWarmUpDoNotCount() {
        ProducerReport report = ProducerReport.parse(WHOLE + STEADY);

        assertThat(report.recordsPerSecond()).isEqualTo(5000.5);
        assertThat(report.megabytesPerSecond()).isCloseTo(5.117, within(0.001));
        assertThat(report.medianMillis()).isEqualTo(4);
        assertThat(report.percentile99Millis()).isEqualTo(21);
        assertThat(report.percentile999Millis()).isEqualTo(33);
        assertThat(report.highestMillis()).isEqualTo(250);
    }

    @Test
    void ratesOfSeveralProducersAddUpAndTheWorstLatencyCounts() {
        ProducerReport together =
                ProducerReport.together(
                        List.of(
                                new ProducerReport(10, 1, 2, 30, 4, 5),
                                new ProducerReport(20, 2, 3, 20, 5, 4)));

        assertThat(together).isEqualTo(new ProducerReport(30, 3, 3, 30, 5, 5));
    }

    @Test
    void aToolThatFailedGivesNoFigure() {
        assertThatThrownBy(() -> ProducerReport.parse(WHOLE))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                ProducerReport.parse(
                                        "org.apache.kafka.common.errors.TimeoutException: no\n"
                                                + WHOLE
                                                + STEADY))
                .hasMessageContaining("TimeoutException");
        assertThatThrownBy(() -> ConsumerReport.parse("WARNING: exiting, no data"))
                .hasMessageContaining("no data");
    }

    @Test
    void theConsumersRateCountsTheTimeOfFetching() {
        ConsumerReport report =
                ConsumerReport.parse(
                        "2026-11-22 10:00:00:000, 2026-11-22 10:00:05:000, 100.0, 20.0, 102400,"
                                + " 20480.0, 3000, 2000, 50.0, 51200.0\n");

        assertThat(report.records()).isEqualTo(102_400);
        assertThat(report.megabytesPerSecond()).isCloseTo(52.43, within(0.01));
    }

    @Test
    void aClientsResultIsItsLastLine() throws Exception {
        assertThat(ClientJvm.lastLine("steady 1\n{\"lost\": 2}\n").get("lost").asInt())
                .isEqualTo(2);
        assertThatThrownBy(() -> ClientJvm.lastLine("Exception in thread main"))
                .hasMessageContaining("Exception in thread main");
    }

    @Test
    void argumentsKeepWhatStandsAfterTheFirstEqualsSign() {
        ClientArguments arguments = ClientArguments.parse(new String[] {"a=b=c", "n=5"});

        assertThat(arguments.text("a")).isEqualTo("b=c");
        assertThat(arguments.number("n")).isEqualTo(5);
        assertThatThrownBy(() -> arguments.text("x")).hasMessageContaining("x");
    }
}
