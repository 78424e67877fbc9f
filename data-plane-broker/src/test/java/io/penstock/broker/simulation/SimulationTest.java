package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole clusters of the real membership, replication and handlers, as the seeds draw their lives.
 */
class SimulationTest {

    private static final int SEEDS = 40;

    @Test
    void noSeedBreaksAnInvariant() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(SeededRun.of(seed).acknowledged()).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void theSameSeedHappensTheSameWay() {
        Simulation.Outcome first = SeededRun.of(7);

        assertThat(SeededRun.of(7)).isEqualTo(first);
        assertThat(SeededRun.of(8).digest()).isNotEqualTo(first.digest());
    }

    /** Each fault is put back, and the seed that finds it found it first. */
    @ParameterizedTest
    @CsvSource({
        "TRUNCATE_TO_HIGH_WATERMARK, 0, I1",
        "PAGE_CACHE_TRUSTED, 0, I1",
        "LOST_REPLICA_TRUSTED, 0, I6",
        "RESTARTED_LEADER_KEEPS_EPOCH, 0, I2",
        "WATERMARK_OF_COMMITTED_MEMBERS, 0, I3",
        "SHRINK_BEFORE_THE_ANSWER, 0, I3",
        "WATERMARK_BELOW_THE_MINIMUM, 0, I3",
        "NO_LOOK_FOR_DIVERGENCE, 1, I1",
        "EVERY_FOLLOWER_MAY_JOIN, 1, I1",
    })
    void aFaultThatIsPutBackIsFound(Mutation fault, long seed, String invariant) {
        assertThat(new MutatedCode(fault).findBy(seed)).isEqualTo(invariant);
    }

    @Test
    void aViolationNamesTheSeedThatReplaysIt() {
        assertThatThrownBy(() -> SeededRun.of(0, Mutation.TRUNCATE_TO_HIGH_WATERMARK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("test simulation --seed 0 --times 1")
                .hasMessageContaining("I1");
    }
}
