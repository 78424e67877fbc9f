package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.testing.QuietLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.LongStream;

/**
 * Whole clusters of the real membership, replication and handlers, as the seeds draw their lives.
 */
@ExtendWith(QuietLog.class)
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

    /** Each fault is put back, and one of the same lives breaks the invariant it endangers. */
    @ParameterizedTest
    @CsvSource({
        "TRUNCATE_TO_HIGH_WATERMARK, I1",
        "PAGE_CACHE_TRUSTED, I1",
        "LOST_REPLICA_TRUSTED, I6",
        "RESTARTED_LEADER_KEEPS_EPOCH, I2",
        "WATERMARK_OF_COMMITTED_MEMBERS, I3",
        "SHRINK_BEFORE_THE_ANSWER, I3",
        "WATERMARK_BELOW_THE_MINIMUM, I3",
        "NO_LOOK_FOR_DIVERGENCE, I1",
        "EVERY_FOLLOWER_MAY_JOIN, I1",
        "REPORT_BEFORE_THE_DISK, I8",
        "NO_CONTROLLER_EPOCH_CHECK, I5",
        "STALE_REPLICA_IN_SYNC, I1",
        "ANSWERS_OF_AN_OLD_EPOCH, I1",
    })
    void aFaultThatIsPutBackIsFound(Mutation fault, String invariant) {
        MutatedCode code = new MutatedCode(fault);
        assertThat(LongStream.range(0, SEEDS).mapToObj(code::findBy).anyMatch(invariant::equals))
                .as("found in %d lives", SEEDS)
                .isTrue();
    }

    @Test
    void aViolationNamesTheSeedThatReplaysIt() {
        assertThatThrownBy(() -> SeededRun.of(0, Mutation.TRUNCATE_TO_HIGH_WATERMARK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("test simulation --seed 0 --times 1")
                .hasMessageContaining("I1");
    }
}
