package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** With flush.messages=1 records count once they are on disk for good. */
class GroupCommitTest {

    @TempDir private Path directory;
    private TestLog test;
    private PartitionLog log;
    private final List<Long> told = new ArrayList<>();

    @BeforeEach
    void durableTopic() throws IOException {
        test = new TestLog(directory, TestLog.settings(1000, Map.of("flush.messages", "1")));
        log = test.open(true);
        test.runBackground();
        log.setDurabilityListener(told::add);
    }

    @Test
    void theDurableEndFollowsWhenTheDiskIsDone() {
        test.append(log, "one");

        assertThat(log.end().offset()).isEqualTo(1);
        assertThat(log.durableEnd()).isZero();
        assertThat(told).isEmpty();

        test.runBackground();

        assertThat(log.durableEnd()).isEqualTo(1);
        assertThat(told).containsExactly(1L);
    }

    @Test
    void whatIsAppendedMeanwhileGathersForOneForce() {
        for (int i = 0; i < 30; i++) {
            test.append(log, "value-" + i + "x".repeat(100));
        }

        test.runBackground();
        test.runBackground();

        assertThat(log.segmentCount()).isGreaterThan(2);
        assertThat(log.durableEnd()).isEqualTo(30);
        assertThat(told).hasSizeLessThanOrEqualTo(2).endsWith(30L);
    }

    @Test
    void aCutTakesTheDurableEndBack() throws IOException {
        test.append(log, "one");
        test.append(log, "two");
        test.runBackground();

        log.truncateTo(1);
        test.append(log, "other");

        assertThat(log.durableEnd()).isEqualTo(1);
        test.runBackground();
        assertThat(log.durableEnd()).isEqualTo(2);
    }

    /** What was forced may be what was cut off; and a follower appends no more until it is told. */
    @Test
    void whatIsLeftByACutDuringAForceIsForcedOnceMore() {
        test.append(log, "one");
        test.append(log, "two");
        test.whenForced =
                () -> {
                    test.whenForced = () -> {};
                    try {
                        log.truncateTo(1);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };

        test.runBackground();
        assertThat(log.end().offset()).isEqualTo(1);
        assertThat(log.durableEnd()).isZero();

        test.runBackground();
        assertThat(log.durableEnd()).isEqualTo(1);
        assertThat(told).containsExactly(1L);
    }

    @Test
    void whatARestartFindsIsForcedBeforeItCounts() throws IOException {
        test.append(log, "one");
        log.abandon();
        test.background.clear();

        log = test.open(false);

        assertThat(log.end().offset()).isEqualTo(1);
        assertThat(log.durableEnd()).isZero();
        test.runBackground();
        assertThat(log.durableEnd()).isEqualTo(1);
    }

    @Test
    void otherTopicsCountWhatTheyHave() throws IOException {
        log.changeSettings(TestLog.settings(1000, Map.of()));

        test.append(log, "one");

        assertThat(log.durableEnd()).isEqualTo(1);
        assertThat(log.flushIfDue()).isFalse();
    }
}
