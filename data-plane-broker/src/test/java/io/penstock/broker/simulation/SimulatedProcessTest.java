package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.time.Scheduler;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

class SimulatedProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SimulatedTime time = new SimulatedTime(1);
    private final SimulatedProcess process =
            new SimulatedProcess("process", time, new SplittableRandom(2));
    private final Scheduler slow = process.scheduler("slow");
    private final Scheduler other = process.scheduler("other");
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final List<String> happened = new ArrayList<>();

    @Test
    void aStalledThreadGoesOnInOrderWhileTheOthersNeverStopped() {
        process.stall("slow"::equals);
        slow.execute(() -> happened.add("first"));
        slow.execute(() -> happened.add("second"));
        other.execute(() -> happened.add("other"));
        letAllHappen();
        assertThat(happened).containsExactly("other");

        slow.execute(() -> happened.add("third"));
        process.release("slow"::equals);
        letAllHappen();

        assertThat(happened).containsExactly("other", "first", "second", "third");
    }

    @Test
    void whatWaitsLetsTheOtherThreadsGoOnAndItsOwnThreadDoesNothingElse() {
        process.letWait("slow"::equals);
        slow.execute(this::waitForTheAnswer);
        slow.execute(() -> happened.add("next"));
        happenFor(Duration.ofSeconds(1));
        other.execute(() -> happened.add("other"));
        happenFor(Duration.ofSeconds(1));
        assertThat(happened).containsExactly("waits", "other");

        other.execute(() -> answer.complete("answer"));
        letAllHappen();

        assertThat(happened).containsExactly("waits", "other", "answer", "next");
    }

    @Test
    void whatWaitsForTooLongIsToldSo() {
        process.letWait("slow"::equals);
        slow.execute(this::waitForTheAnswer);

        letAllHappen();

        assertThat(happened).containsExactly("waits", "too late");
        assertThat(time.millis()).isEqualTo(LIMIT.toMillis());
    }

    @Test
    void whatWaitsInAPausedProcessGoesOnWithIt() {
        process.letWait("slow"::equals);
        slow.execute(this::waitForTheAnswer);
        happenFor(Duration.ofSeconds(1));
        process.pause();
        answer.complete("answer");
        happenFor(Duration.ofSeconds(1));
        assertThat(happened).containsExactly("waits");

        process.resume();
        letAllHappen();

        assertThat(happened).containsExactly("waits", "answer");
    }

    @Test
    void whatWaitsInADeadProcessNeverGoesOn() {
        process.letWait("slow"::equals);
        slow.execute(this::waitForTheAnswer);
        happenFor(Duration.ofSeconds(1));

        process.kill();
        answer.complete("answer");
        letAllHappen();

        assertThat(happened).containsExactly("waits");
    }

    private void waitForTheAnswer() {
        happened.add("waits");
        try {
            process.await(answer, LIMIT);
            happened.add(answer.join());
        } catch (TimeoutException late) {
            happened.add("too late");
        }
    }

    private void letAllHappen() {
        while (time.step()) {
            assertThat(time.eventsHappened()).isLessThan(1_000);
        }
    }

    private void happenFor(Duration duration) {
        boolean[] over = {false};
        time.after(duration, "over", () -> over[0] = true);
        while (!over[0]) {
            time.step();
        }
    }
}
