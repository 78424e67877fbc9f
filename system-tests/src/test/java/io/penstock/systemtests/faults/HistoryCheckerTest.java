package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.systemtests.faults.History.Commit;
import io.penstock.systemtests.faults.History.LostPosition;
import io.penstock.systemtests.faults.History.Outcome;
import io.penstock.systemtests.faults.History.Producer;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.History.Read;
import io.penstock.systemtests.faults.History.Reader;
import io.penstock.systemtests.faults.History.Send;
import io.penstock.systemtests.faults.History.Stored;
import io.penstock.systemtests.faults.Violation.Rule;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Each rule finds a history made to break it, and leaves a good one alone. */
@Tag("system")
@Tag("faults")
class HistoryCheckerTest {
    private static final Producer ONE = new Producer("one", ProducerKind.IDEMPOTENT);
    private static final Producer TWO = new Producer("two", ProducerKind.IMPATIENT);
    private static final Producer LAX = new Producer("lax", ProducerKind.NOT_IDEMPOTENT);

    private static final Reader READER = new Reader("reader", true);
    private static final Reader MEMBER = new Reader("member", false);

    private final List<Send> sends = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();
    private final List<LostPosition> lostPositions = new ArrayList<>();
    private final Map<Integer, List<Stored>> log = new HashMap<>();
    private final Map<Integer, Long> committed = new HashMap<>();

    @Test
    void aHistoryThatKeepsAllPromisesPasses() {
        acknowledged(ONE, 0, 0, 0);
        acknowledged(TWO, 0, 0, 1);
        sends.add(new Send(ONE, 1, 0, 0, new Outcome.Failed("timed out", 9)));
        sends.add(new Send(ONE, 2, 0, 0, new Outcome.Unknown()));
        sends.add(new Send(ONE, 3, 0, 0, new Outcome.Acknowledged(OptionalLong.empty(), 9)));
        log(0, stored(0, 0, "one/0"), stored(1, 0, "two/0"), stored(2, 3, "one/3"));
        reads.add(new Read(READER, 0, 1, 0, "two/0"));
        commits.add(new Commit(0, 2));
        committed.put(0, 3L);

        assertThat(check()).isEmpty();
    }

    @Test
    void anAcknowledgedRecordThatIsNotInTheLogIsLost() {
        acknowledged(ONE, 0, 0, 0);
        acknowledged(ONE, 1, 0, 1);
        log(0, stored(0, 0, "one/0"));

        assertThat(check()).containsExactly(Rule.LOST);
    }

    @Test
    void aRecordAcknowledgedWithoutOffsetIsLostToo() {
        sends.add(new Send(ONE, 0, 0, 0, new Outcome.Acknowledged(OptionalLong.empty(), 9)));
        log(0);

        assertThat(check()).containsExactly(Rule.LOST);
    }

    @Test
    void anAcknowledgedRecordAtAnotherOffsetIsMisplaced() {
        acknowledged(ONE, 0, 0, 1);
        acknowledged(TWO, 0, 0, 0);
        log(0, stored(0, 0, "one/0"), stored(1, 0, "two/0"));

        assertThat(check()).containsExactly(Rule.MISPLACED, Rule.MISPLACED);
    }

    @Test
    void anIdempotentRecordIsThereOnce() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 0, "one/0"), stored(1, 0, "one/0"));

        assertThat(check()).containsExactly(Rule.TWICE);
    }

    @Test
    void anIdempotentRecordThatWasNotAcknowledgedIsThereOnceToo() {
        sends.add(new Send(TWO, 0, 0, 0, new Outcome.Unknown()));
        log(0, stored(0, 0, "two/0"), stored(1, 0, "two/0"));

        assertThat(check()).containsExactly(Rule.TWICE);
    }

    @Test
    void withoutIdempotenceARetryMayStoreTwiceAndChangeTheOrder() {
        acknowledged(LAX, 0, 0, 1);
        acknowledged(LAX, 1, 0, 0);
        log(0, stored(0, 0, "lax/1"), stored(1, 0, "lax/0"), stored(2, 0, "lax/1"));

        assertThat(check()).isEmpty();
    }

    @Test
    void anIdempotentProducersRecordsKeepTheirOrder() {
        acknowledged(ONE, 0, 0, 1);
        acknowledged(ONE, 1, 0, 0);
        log(0, stored(0, 0, "one/1"), stored(1, 0, "one/0"));

        assertThat(check()).containsExactly(Rule.REORDERED);
    }

    @Test
    void theOrderIsThatOfOneProducerInOnePartition() {
        acknowledged(ONE, 0, 1, 0);
        acknowledged(ONE, 1, 0, 0);
        acknowledged(TWO, 0, 0, 1);
        log(0, stored(0, 0, "one/1"), stored(1, 0, "two/0"));
        log(1, stored(0, 0, "one/0"));

        assertThat(check()).isEmpty();
    }

    @Test
    void aRecordThatNobodySentToThePartitionIsForeign() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 0, "one/0"), stored(1, 0, "stray"));
        log(1, stored(0, 0, "one/0"));

        assertThat(check()).contains(Rule.FOREIGN).filteredOn(Rule.FOREIGN::equals).hasSize(2);
    }

    @Test
    void whatWasReadDoesNotVanish() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 0, "one/0"));
        reads.add(new Read(READER, 0, 1, 0, "one/1"));

        assertThat(check()).containsExactly(Rule.VANISHED);
    }

    @Test
    void whatWasReadIsNotReplaced() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 0, "one/0"));
        reads.add(new Read(READER, 0, 0, 0, "two/0"));

        assertThat(check()).containsExactly(Rule.VANISHED);
    }

    @Test
    void whatWasReadKeepsItsLeaderEpoch() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 5, "one/0"));
        reads.add(new Read(READER, 0, 0, 4, "one/0"));

        assertThat(check()).containsExactly(Rule.VANISHED);
    }

    @Test
    void aReadersPositionExists() {
        lostPositions.add(new LostPosition(READER, 0, 17));

        assertThat(check()).containsExactly(Rule.POSITION_LOST);
    }

    @Test
    void aReaderIsGivenEveryRecordOnce() {
        for (var sequence = 0; sequence < 3; sequence++) {
            acknowledged(ONE, sequence, 0, sequence);
        }
        log(0, stored(0, 0, "one/0"), stored(1, 0, "one/1"), stored(2, 0, "one/2"));
        reads.add(new Read(READER, 0, 0, 0, "one/0"));
        reads.add(new Read(READER, 0, 2, 0, "one/2"));

        assertThat(check()).containsExactly(Rule.SKIPPED);
    }

    @Test
    void aGroupsMemberMayReadAgainAndLeavePartitionsToOthers() {
        for (var sequence = 0; sequence < 3; sequence++) {
            acknowledged(ONE, sequence, 0, sequence);
        }
        log(0, stored(0, 0, "one/0"), stored(1, 0, "one/1"), stored(2, 0, "one/2"));
        reads.add(new Read(MEMBER, 0, 0, 0, "one/0"));
        reads.add(new Read(MEMBER, 0, 2, 0, "one/2"));
        reads.add(new Read(MEMBER, 0, 1, 0, "one/1"));

        assertThat(check()).isEmpty();
    }

    @Test
    void offsetsHaveNoHoles() {
        acknowledged(ONE, 0, 0, 0);
        acknowledged(ONE, 1, 0, 2);
        log(0, stored(0, 0, "one/0"), stored(2, 0, "one/1"));

        assertThat(check()).containsExactly(Rule.BROKEN_LOG);
    }

    @Test
    void leaderEpochsNeverGoDown() {
        acknowledged(ONE, 0, 0, 0);
        acknowledged(ONE, 1, 0, 1);
        log(0, stored(0, 2, "one/0"), stored(1, 1, "one/1"));

        assertThat(check()).containsExactly(Rule.BROKEN_LOG);
    }

    @Test
    void theGroupIsNotPastTheEnd() {
        acknowledged(ONE, 0, 0, 0);
        log(0, stored(0, 0, "one/0"));
        committed.put(0, 2L);

        assertThat(check()).containsExactly(Rule.COMMIT_PAST_END);
    }

    @Test
    void anAcknowledgedCommitIsKept() {
        acknowledged(ONE, 0, 0, 0);
        acknowledged(ONE, 1, 0, 1);
        log(0, stored(0, 0, "one/0"), stored(1, 0, "one/1"));
        commits.add(new Commit(0, 1));
        commits.add(new Commit(0, 2));
        committed.put(0, 1L);

        assertThat(check()).containsExactly(Rule.COMMIT_LOST);
    }

    private List<Rule> check() {
        return HistoryChecker.check(
                        new History(sends, reads, commits, lostPositions, log, committed))
                .stream()
                .map(Violation::rule)
                .toList();
    }

    private void acknowledged(Producer producer, long sequence, int partition, long offset) {
        sends.add(
                new Send(
                        producer,
                        sequence,
                        partition,
                        0,
                        new Outcome.Acknowledged(OptionalLong.of(offset), 1)));
    }

    private void log(int partition, Stored... records) {
        log.put(partition, List.of(records));
    }

    private static Stored stored(long offset, int leaderEpoch, String value) {
        return new Stored(offset, leaderEpoch, value);
    }
}
