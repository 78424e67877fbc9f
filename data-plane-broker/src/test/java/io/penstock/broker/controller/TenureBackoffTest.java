package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class TenureBackoffTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final TenureBackoff backoff = new TenureBackoff(new Random(3));

    @Test
    void shortTenuresWaitLongerEachTimeWithinBounds() {
        long least = 100;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.afterTenureOf(SHORT).toMillis())
                    .isBetween(least, Math.min(10_000, least + least / 2));
            least = Math.min(2 * least, 6_400);
        }
    }

    @Test
    void aSteadyTenureBeginsAnew() {
        for (int i = 0; i < 5; i++) {
            backoff.afterTenureOf(SHORT);
        }

        assertThat(backoff.afterTenureOf(Duration.ofMinutes(1)).toMillis()).isBetween(100L, 150L);
    }

    @Test
    void brokersDoNotComeBackInStep() {
        TenureBackoff other = new TenureBackoff(new Random(4));

        assertThat(backoff.afterTenureOf(SHORT)).isNotEqualTo(other.afterTenureOf(SHORT));
    }
}
