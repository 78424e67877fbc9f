package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

class SpreadTest {

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoMiddles() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(4, 1, 9, 3));
        assertThat(Spread.of(List.of(4.0, 1.0)).median()).isEqualTo(2.5);
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        Percentiles percentiles =
                new Percentiles(LongStream.rangeClosed(1, 100).map(i -> i * 1_000_000).toArray());

        assertThat(percentiles.millis(50)).isEqualTo(50);
        assertThat(percentiles.millis(99)).isEqualTo(99);
        assertThat(percentiles.millis(99.9)).isEqualTo(100);
        assertThat(percentiles.highestMillis()).isEqualTo(100);
    }
}
