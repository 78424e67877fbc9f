package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.penstock.broker.testing.QuietLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Whole clusters of the real membership, replication and handlers, as the seeds draw their lives.
 */
@ExtendWith(QuietLog.class)
class SimulationTest {

    private static final int LIVES = 20;

    /** In which a fault is searched. */
    private static final int SEEDS = 120;

    @Test
    void noSeedBreaksAnInvariant() {
        for (long seed = 0; seed < LIVES; seed++) {
            assertThat(SeededRun.of(seed).acknowledged()).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void theSameSeedHappensTheSameWay() {
        Simulation.Outcome first = SeededRun.of(7);

        assertThat(SeededRun.of(7)).isEqualTo(first);
        assertThat(SeededRun.of(8).digest()).isNotEqualTo(first.digest());
    }

    /** Sets and maps of the JDK are in another order in every process. */
    @Test
    void theSameSeedHappensTheSameWayInAnotherProcess() throws Exception {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                DigestOfALife.class.getName(),
                                "7")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        CompletableFuture<List<String>> said =
                CompletableFuture.supplyAsync(() -> other.inputReader().lines().toList());
        try {
            Simulation.Outcome here = SeededRun.of(7);

            assertThat(said.get(1, TimeUnit.MINUTES).getLast()).isEqualTo(here.toString());
        } finally {
            other.destroyForcibly();
        }
    }

    /**
     * Each fault is put back, and one of the same lives breaks the invariant it endangers. The
     * search begins with the life that did so last.
     */
    @ParameterizedTest
    @CsvSource({
        "TRUNCATE_TO_HIGH_WATERMARK, I1, 0",
        "PAGE_CACHE_TRUSTED, I1, 0",
        "LOST_REPLICA_TRUSTED, I6, 0",
        "ELIGIBLE_LEADERS_FORGOTTEN, progress, 24",
        "RESTARTED_LEADER_KEEPS_EPOCH, I2, 0",
        "WATERMARK_OF_COMMITTED_MEMBERS, I3, 9",
        "SHRINK_BEFORE_THE_ANSWER, I3, 0",
        "WATERMARK_BELOW_THE_MINIMUM, I3, 3",
        "NO_LOOK_FOR_DIVERGENCE, I1, 0",
        "EVERY_FOLLOWER_MAY_JOIN, I1, 0",
        "NO_CONTROLLER_EPOCH_CHECK, I5, 0",
        "STALE_REPLICA_IN_SYNC, I1, 21",
        "ANSWERS_OF_AN_OLD_EPOCH, I1, 20",
        "ACKNOWLEDGEMENT_BY_OFFSET, I1, 41",
        "IMAGE_OF_AN_EARLIER_PROCESS, I2, 0",
        "NEWER_STATE_IGNORED, progress, 0",
        "NEW_SESSION_UNNOTICED, progress, 9",
        "REPORT_BEFORE_THE_DISK, I8, 17",
    })
    void aFaultThatIsPutBackIsFound(Mutation fault, String invariant, int from) {
        MutatedCode code = new MutatedCode(fault);
        assertThat(
                        LongStream.range(from, from + SEEDS)
                                .map(seed -> seed % SEEDS)
                                .mapToObj(code::findBy)
                                .anyMatch(invariant::equals))
                .as("found in %d lives", SEEDS)
                .isTrue();
    }

    @Test
    void aViolationNamesTheSeedThatReplaysIt() {
        for (long seed = 0; seed < SEEDS; seed++) {
            long lived = seed;
            Throwable broken =
                    catchThrowable(() -> SeededRun.of(lived, Mutation.TRUNCATE_TO_HIGH_WATERMARK));
            if (broken != null) {
                assertThat(broken)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("test simulation --seed %d --times 1", seed)
                        .hasMessageContaining("I1");
                return;
            }
        }
        fail("no life was broken");
    }
}
