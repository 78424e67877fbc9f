package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.systemtests.faults.AcknowledgementGaps.Window;
import io.penstock.systemtests.faults.History.Outcome;
import io.penstock.systemtests.faults.History.Producer;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.History.Send;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

@Tag("system")
@Tag("faults")
class AcknowledgementGapsTest {
    private static final Producer STEADY = new Producer("steady", ProducerKind.IDEMPOTENT);

    @Test
    void aGapThatBeginsBeforeTheFaultAndEndsAfterItCountsWhole() {
        var gaps = gaps(acknowledgements(0, 10, 20, 90, 100));

        assertThat(gaps.longest(Set.of(0), new Window(25, 80))).isEqualTo(Duration.ofNanos(70));
    }

    @Test
    void gapsOutsideTheWindowDoNotCount() {
        var gaps = gaps(acknowledgements(0, 0, 1_000, 1_010, 1_025, 1_030, 9_000));

        assertThat(gaps.longest(Set.of(0), new Window(1_005, 1_028)))
                .isEqualTo(Duration.ofNanos(15));
    }

    @Test
    void theWorstPartitionCounts() {
        var gaps = gaps(Stream.concat(acknowledgements(0, 10, 90), acknowledgements(1, 10, 95)));

        assertThat(gaps.longest(Set.of(0, 1), new Window(20, 80))).isEqualTo(Duration.ofNanos(85));
        assertThat(gaps.longest(Set.of(0), new Window(20, 80))).isEqualTo(Duration.ofNanos(80));
    }

    @Test
    void silenceUntilTheEndOfTheWindowCounts() {
        assertThat(gaps(acknowledgements(0, 10)).longest(Set.of(0), new Window(20, 80)))
                .isEqualTo(Duration.ofNanos(70));
        assertThat(gaps(Stream.of()).longest(Set.of(0), new Window(20, 80)))
                .isEqualTo(Duration.ofNanos(60));
    }

    @Test
    void failedSendsAndOtherKindsDoNotEndAGap() {
        var failed = new Send(STEADY, 7, 0, 0, new Outcome.Failed("timed out", 50));
        var other =
                new Send(
                        new Producer("other", ProducerKind.IMPATIENT),
                        0,
                        0,
                        0,
                        new Outcome.Acknowledged(OptionalLong.of(1), 60));
        var gaps = gaps(Stream.concat(acknowledgements(0, 10, 90), Stream.of(failed, other)));

        assertThat(gaps.longest(Set.of(0), new Window(20, 80))).isEqualTo(Duration.ofNanos(80));
    }

    @Test
    void theMedianIsTheMiddleOne() {
        var gaps = LongStream.of(5, 1, 9).mapToObj(Duration::ofMillis).toList();

        assertThat(AcknowledgementGaps.median(gaps)).isEqualTo(Duration.ofMillis(5));
        assertThat(AcknowledgementGaps.median(List.of(Duration.ofMillis(3))))
                .isEqualTo(Duration.ofMillis(3));
    }

    private static AcknowledgementGaps gaps(Stream<Send> sends) {
        return AcknowledgementGaps.of(sends.toList(), ProducerKind.IDEMPOTENT);
    }

    private static Stream<Send> acknowledgements(int partition, long... nanos) {
        return LongStream.of(nanos)
                .mapToObj(
                        at ->
                                new Send(
                                        STEADY,
                                        at,
                                        partition,
                                        0,
                                        new Outcome.Acknowledged(OptionalLong.of(at), at)));
    }
}
