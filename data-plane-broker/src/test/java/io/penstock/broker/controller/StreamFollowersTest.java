package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.time.SchedulerThread;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class StreamFollowersTest {

    private static final StreamPosition OLD = new StreamPosition(4, 7);
    private static final StreamPosition NEW = new StreamPosition(4, 8);

    private final SchedulerThread timers = new SchedulerThread("timers");
    private final StreamFollowers followers = new StreamFollowers(timers);

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void itIsShownWhenTheLastBrokerShowsIt() {
        followers.reached(1, OLD);
        CompletableFuture<Void> shown = followers.whenShown(Set.of(0, 1), NEW);

        followers.reached(1, NEW);
        followers.reached(1, NEW);
        assertThat(shown).isNotDone();
        followers.reached(0, OLD);
        assertThat(shown).isNotDone();
        followers.reached(0, new StreamPosition(4, 9));

        assertThat(shown).isCompleted();
    }

    @Test
    void whatAllShowAlreadyNeedsNoWaiting() {
        followers.reached(0, NEW);
        followers.reached(1, NEW);

        assertThat(followers.whenShown(Set.of(0, 1), NEW)).isCompleted();
    }

    @Test
    void aBrokerThatBeganAnewDoesNotShowWhatItShowedBefore() {
        followers.reached(0, NEW);
        followers.reached(0, StreamPosition.NONE);

        assertThat(followers.whenShown(Set.of(0), NEW)).isNotDone();
    }

    @Test
    void aSilentBrokerHoldsNobodyUpForLong() throws Exception {
        long start = System.nanoTime();

        followers.whenShown(Set.of(0), NEW).get(10, TimeUnit.SECONDS);

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(StreamFollowers.PATIENCE.toNanos());
    }

    @Test
    void theEndOfATenureAnswersWhatWasCommitted() {
        CompletableFuture<Void> shown = followers.whenShown(Set.of(0), NEW);

        followers.close();

        assertThat(shown).isCompleted();
        assertThat(followers.whenShown(Set.of(0), NEW)).isCompleted();
    }
}
