package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class ClaimTest {
    private static final int PORT = 28_303;

    @Test
    void twoOfOneNameHaveDifferentNumbers() {
        try (var one = Claim.of("same", PORT, 4, number -> true);
                var other = Claim.of("same", PORT, 4, number -> true)) {
            assertThat(other.number()).isEqualTo((one.number() + 1) % 4);
        }
    }

    @Test
    void aNumberThatWasGivenBackIsTheFirstAgain() {
        int first;
        try (var claim = Claim.of("again", PORT, 4, number -> true)) {
            first = claim.number();
        }
        try (var claim = Claim.of("again", PORT, 4, number -> true)) {
            assertThat(claim.number()).isEqualTo(first);
        }
    }

    @Test
    void whatStandsInTheWayIsGoneRound() {
        try (var claim = Claim.of("any", PORT, 4, number -> number == 2)) {
            assertThat(claim.number()).isEqualTo(2);
        }
    }

    @Test
    void thereIsAnEndToIt() {
        try (var one = Claim.of("only", PORT, 1, number -> true)) {
            assertThat(one.number()).isZero();
            assertThatThrownBy(() -> Claim.of("only", PORT, 1, number -> true))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("taken");
        }
    }
}
