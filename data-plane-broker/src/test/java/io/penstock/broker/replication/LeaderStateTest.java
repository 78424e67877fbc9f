package io.penstock.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

class LeaderStateTest {

    private static final long LOG_END = 5;
    private static final ReplicationSettings SETTINGS = ReplicationSettings.DEFAULTS;
    private static final Duration TICK = Duration.ofMillis(500);

    private final OwnPulse own = new OwnPulse(SETTINGS.silenceLimit(), 0);
    private final FollowerPulse pulse = new FollowerPulse(0);
    private final FollowerPulses pulses = new FollowerPulses();
    private final EligibleBrokers brokers = id -> OptionalLong.of(1);
    private long now;

    /**
     * I3: the controller alone decides who is eligible, whatever minimum the leader believes in.
     */
    @Test
    void theHighWatermarkStandsStillWhileSomebodyOutsideTheIsrIsEligible() {
        LeaderState leader = leader(List.of(0), List.of(1));
        assertThat(leader.highWatermark(LOG_END, 2, id -> OptionalLong.empty(), 0)).isEqualTo(2);

        leader.update(state(List.of(0), List.of(), 5), 1, 0);

        assertThat(leader.highWatermark(LOG_END, 2, id -> OptionalLong.empty(), 0))
                .isEqualTo(LOG_END);
    }

    @Test
    void aFollowerThatHasEverythingButDoesNotAskAnyMoreLeaves() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        leader.reached(report(LOG_END), LOG_END, now);
        pass(SETTINGS.silenceLimit());
        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).isEmpty();

        pass(TICK);

        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).containsExactly(0);
    }

    @Test
    void aFollowerThatNeverAskedThisLeaderLeaves() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        pass(SETTINGS.silenceLimit().plus(TICK));

        assertThat(leader.propose(LOG_END, 0, brokers, now)).containsExactly(0);
    }

    @Test
    void aFollowerThatIsInTouchMayComeToThisPartitionLater() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        Duration late = SETTINGS.silenceLimit().multipliedBy(2);
        for (Duration waited = Duration.ZERO;
                waited.compareTo(late) < 0;
                waited = waited.plus(TICK)) {
            pass(TICK);
            pulses.of(1, now).beat(now);
        }

        assertThat(leader.propose(LOG_END, 0, brokers, now)).isEmpty();
    }

    /** Its session goes on with other partitions: it may lead this one by now. */
    @Test
    void whoTurnedAwayFromThisPartitionDoesNotFollow() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        leader.reached(report(LOG_END), LOG_END, now);
        passAsking(TICK.multipliedBy(8));
        assertThat(leader.isFollowed(now)).isTrue();

        leader.left(report(LOG_END));
        passAsking(TICK.multipliedBy(8));

        assertThat(leader.isFollowed(now)).isFalse();
    }

    @Test
    void anEarlierSessionsEndChangesNothing() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        FollowerReport earlier =
                new FollowerReport(
                        1, 1, 3, LOG_END, OptionalInt.empty(), 0, new FollowerPulse(now));
        leader.reached(earlier, LOG_END, now);
        leader.reached(report(LOG_END), LOG_END, now);

        leader.left(earlier);
        passAsking(TICK.multipliedBy(8));

        assertThat(leader.isFollowed(now)).isTrue();
    }

    @Test
    void aFollowerThatLagsButAsksStaysForTheWholeLagLimit() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        leader.reached(report(LOG_END - 1), LOG_END, now);
        passAsking(SETTINGS.lagLimit().minus(TICK));
        assertThat(leader.propose(LOG_END, 0, brokers, now)).isEmpty();

        passAsking(TICK.multipliedBy(2));

        assertThat(leader.propose(LOG_END, 0, brokers, now)).containsExactly(0);
    }

    @Test
    void whoLeftInSilenceNeitherReturnsNorHoldsTheHighWatermark() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        leader.reached(report(LOG_END), LOG_END, now);
        leader.grew(LOG_END, now);
        pass(SETTINGS.silenceLimit().plus(TICK));

        leader.update(state(List.of(0), List.of(), 5), 1, now);

        assertThat(leader.highWatermark(LOG_END + 1, LOG_END, brokers, now)).isEqualTo(LOG_END + 1);
        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).isEmpty();

        pulse.beat(now);
        leader.reached(report(LOG_END), LOG_END, now);

        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).containsExactly(0, 1);
    }

    @Test
    void aLeaderThatStoodStillItselfGivesItsFollowersTimeToBeHeard() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        leader.reached(report(LOG_END), LOG_END, now);

        now += Duration.ofSeconds(20).toNanos();

        assertThat(leader.propose(LOG_END, LOG_END, brokers, now))
                .as("before it noticed")
                .isEmpty();
        own.beat(now);
        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).isEmpty();

        pass(SETTINGS.silenceLimit().plus(TICK));
        assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).containsExactly(0);
    }

    @Test
    void aBusyMachineWithPausesOfTwoSecondsTakesNobodyOut() {
        LeaderState leader = leader(List.of(0, 1), List.of());
        Duration pause = Duration.ofSeconds(2);
        for (int i = 0; i < 20; i++) {
            // The follower pauses too, right after the leader did, and then asks once.
            now += pause.toNanos();
            own.beat(now);
            assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).isEmpty();
            pass(pause);
            assertThat(leader.propose(LOG_END, LOG_END, brokers, now)).isEmpty();
            pulse.beat(now);
            leader.reached(report(LOG_END), LOG_END, now);
        }
    }

    private void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            now += Math.min(TICK.toNanos(), end - now);
            own.beat(now);
        }
    }

    /** The follower asks all the time, but for other partitions only. */
    private void passAsking(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            pass(TICK);
            pulse.beat(now);
        }
    }

    private FollowerReport report(long offset) {
        return new FollowerReport(1, 1, 3, offset, OptionalInt.empty(), 0, pulse);
    }

    private LeaderState leader(List<Integer> inSync, List<Integer> eligible) {
        return new LeaderState(0, state(inSync, eligible, 4), 1, 0, SETTINGS, own, pulses, now);
    }

    private static PartitionState state(
            List<Integer> inSync, List<Integer> eligible, int partitionEpoch) {
        return new PartitionState(
                List.of(0, 1), inSync, eligible, List.of(), List.of(), 0, 3, partitionEpoch);
    }
}
