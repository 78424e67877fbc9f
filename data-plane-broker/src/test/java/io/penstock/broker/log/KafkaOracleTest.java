package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.testing.QuietLog;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The same made-up sequences are done to our log and to Apache Kafka's: after every step both must
 * know the same, and their segments hold the same bytes. Other seeds and more of them by {@code
 * -Dpenstock.seed} and {@code -Dpenstock.times}.
 */
@Tag("oracle")
@ExtendWith(QuietLog.class)
class KafkaOracleTest {

    private static final int SEQUENCES = 60;
    private static final int STEPS = 60;
    private static final int MAP_BYTES = 24 * 400;

    private static final long BETWEEN_LINES_NANOS = 10_000_000_000L;
    private static long lastLine = System.nanoTime();
    private static int compared;
    private static int endedSooner;

    @TempDir(factory = MemoryDirectory.class)
    Path home;

    private final List<String> history = new ArrayList<>();
    private Random random;
    private ManualClock clock;
    private LogSequence sequence;
    private ComparedLog ours;
    private ComparedLog kafkas;
    private int epoch;
    private long highWatermark;
    private boolean compacted;
    private boolean forgot;

    /**
     * What lies below a log start within a segment is replayed or not, as each log likes: so a
     * sequence has either deletions of records or cuts and restarts.
     */
    private boolean deletesRecords;

    static LongStream seeds() {
        long first = Long.getLong("penstock.seed", 1);
        return LongStream.range(first, first + Integer.getInteger("penstock.times", SEQUENCES));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bothLogsBecomeTheSame(long seed) throws IOException {
        try {
            compareAsLongAsBothKnowTheSame(seed);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "%s%nReplay it: ./penstock test oracle --seed %d --times 1"
                            .formatted(failure.getMessage(), seed),
                    failure);
        }
    }

    @AfterEach
    void tellProgress() {
        compared++;
        if (System.nanoTime() - lastLine > BETWEEN_LINES_NANOS) {
            lastLine = System.nanoTime();
            System.out.printf(
                    "%,d histories compared, %d of them not to their ends%n",
                    compared, endedSooner);
        }
    }

    /**
     * After a restart or a cut ours remembers more than Kafka's, whose snapshots go sooner: from
     * there on the two cannot be compared.
     */
    private static final class KnowsMore extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private KnowsMore(Throwable difference) {
            super(difference);
        }
    }

    private void compareAsLongAsBothKnowTheSame(long seed) throws IOException {
        try {
            compareHistories(seed);
        } catch (KnowsMore sooner) {
            endedSooner++;
            ours.stop(true);
            kafkas.stop(true);
        }
    }

    /** An assertion that may fail only where ours remembers more; the states are of before. */
    private void require(
            ComparedLog.State own, ComparedLog.State kafka, boolean excused, Runnable assertion) {
        try {
            assertion.run();
        } catch (AssertionError difference) {
            if (forgot && excused && own.knowsAllOf(kafka)) {
                throw new KnowsMore(difference);
            }
            throw difference;
        }
    }

    private void compareHistories(long seed) throws IOException {
        random = new Random(seed);
        Map<String, String> configs = LogSequence.configs(random);
        compacted = configs.get("cleanup.policy").contains("compact");
        open(configs);
        deletesRecords = !compacted && random.nextInt(2) == 0;
        boolean follower = random.nextInt(3) == 0;
        both("begin epoch 0", log -> log.beginEpoch(0));
        for (int step = 0; step < STEPS; step++) {
            clock.advance(random.nextInt(20) == 0 ? 3000 : random.nextInt(20));
            step(follower);
            compare(false);
        }
        compare(true);
        ours.stop(true);
        kafkas.stop(true);
    }

    private void open(Map<String, String> configs) throws IOException {
        Path own = Files.createDirectories(home.resolve("penstock/orders-0"));
        Path other = Files.createDirectories(home.resolve("kafka/orders-0"));
        Map<String, String> ownConfigs = new HashMap<>(configs);
        int segmentBytes = Integer.parseInt(ownConfigs.remove("internal.segment.bytes"));
        TestLog test = new TestLog(own, TestLog.settings(segmentBytes, ownConfigs));
        clock = test.clock;
        sequence = new LogSequence(random, clock);
        ours =
                new PenstockComparedLog(
                        test,
                        new CleanerOptions(true, 1, MAP_BYTES, 0.9, 1024, Double.MAX_VALUE, 0));
        kafkas = new KafkaComparedLog(other, configs, clock, MAP_BYTES);
        history.add(configs.toString());
    }

    private void step(boolean follower) throws IOException {
        int chance = random.nextInt(100);
        if (chance < 60) {
            append(follower);
        } else if (chance < 68) {
            advanceHighWatermark();
        } else if (chance < 72) {
            lead();
        } else if (chance < 77) {
            if (!deletesRecords) {
                truncate();
                lead();
            }
        } else if (chance < 78) {
            long offset = end() + random.nextInt(50);
            both("restart at " + offset, log -> log.restartAt(offset));
            highWatermark = offset;
            lead();
        } else if (chance < 82) {
            if (deletesRecords) {
                deleteRecords();
            }
        } else if (chance < 86) {
            compareResults("delete old segments", ComparedLog::deleteOldSegments);
        } else if (chance < 92) {
            if (compacted) {
                compact();
                compareContent();
            }
        } else if (chance < 95) {
            lookUp();
        } else if (!deletesRecords) {
            reopen();
            lead();
        }
    }

    /** As whoever begins to lead does: only then are appends of the new epoch to be expected. */
    private void lead() throws IOException {
        epoch++;
        both("begin epoch " + epoch, log -> log.beginEpoch(epoch));
        sequence.forgotten();
        forgot = true;
    }

    private void append(boolean follower) throws IOException {
        if (follower) {
            boolean late = random.nextInt(15) == 0;
            int batchEpoch = late ? epoch + 1 : epoch;
            long from = random.nextInt(20) == 0 ? Math.max(0, end() - 2) : end();
            ByteBuffer batches = sequence.replicated(from, batchEpoch);
            compareAppends(
                    "replicated from " + from, log -> log.appendAsFollower(copy(batches), epoch));
            return;
        }
        switch (random.nextInt(6)) {
            case 0, 1 -> appendAsLeader("plain", sequence::plain, false);
            case 2 -> appendAsLeader("idempotent", () -> sequence.ofProducer(9, false), false);
            case 3 -> {
                long id = 1 + random.nextInt(3);
                boolean transactional = random.nextInt(10) > 0;
                appendAsLeader(
                        "transactional " + id, () -> sequence.ofProducer(id, transactional), false);
            }
            case 4 -> {
                long id = 1 + random.nextInt(3);
                appendAsLeader("marker " + id, () -> sequence.marker(id, 0, -1), true);
            }
            default -> {
                long id = 5;
                appendAsLeader(
                        "coordinator " + id,
                        () ->
                                random.nextInt(3) == 0
                                        ? sequence.marker(id, 0, -1)
                                        : sequence.ofCoordinator(id),
                        true);
            }
        }
    }

    private void appendAsLeader(String what, Supplier<ByteBuffer> batches, boolean coordinator)
            throws IOException {
        ByteBuffer batch = batches.get();
        compareAppends(what, log -> log.appendAsLeader(copy(batch), epoch, coordinator));
    }

    private static ByteBuffer copy(ByteBuffer batches) {
        return LogSequence.copy(batches);
    }

    private void advanceHighWatermark() throws IOException {
        highWatermark = Math.max(highWatermark, boundaryUpTo(end()));
        both("high watermark " + highWatermark, log -> log.advanceHighWatermark(highWatermark));
    }

    private void truncate() throws IOException {
        long offset = boundaryUpTo(end());
        both("truncate to " + offset, log -> log.truncateTo(offset));
        highWatermark = Math.min(highWatermark, end());
    }

    private void deleteRecords() throws IOException {
        long stable = Math.max(kafkas.state().start(), kafkas.state().stable());
        long offset = boundaryUpTo(stable);
        both("delete records before " + offset, log -> log.deleteRecords(offset));
    }

    /** The begin of a batch near the end, or the end itself. */
    private long boundaryUpTo(long most) throws IOException {
        List<Long> boundaries = new ArrayList<>();
        for (String line : ComparedLog.content(kafkas.directory(), 0)) {
            if (!line.startsWith("segment")) {
                long base = Long.parseLong(line.substring(0, line.indexOf('-')));
                if (base <= most && base >= kafkas.state().start()) {
                    boundaries.add(base);
                }
            }
        }
        if (boundaries.isEmpty() || random.nextInt(3) == 0) {
            return most;
        }
        int back = Math.min(boundaries.size(), 1 + random.nextInt(6));
        return boundaries.get(boundaries.size() - back);
    }

    private void lookUp() throws IOException {
        long timestamp = clock.wallMillis() - random.nextInt(5000);
        history.add("offset at " + timestamp);
        long expected = kafkas.offsetAt(timestamp);
        // Kafka looks no further than one segment, whose fitting records may lie before the start.
        if (expected >= 0) {
            assertThat(ours.offsetAt(timestamp)).as("%s", history).isEqualTo(expected);
        }
        for (int asked = 0; asked <= epoch + 1; asked++) {
            int which = asked;
            compareResults("end of epoch " + which, log -> log.endOffsetFor(which));
        }
    }

    private void reopen() throws IOException {
        boolean cleanly = random.nextBoolean();
        both("stop " + (cleanly ? "cleanly" : "in a crash"), log -> log.stop(cleanly));
        if (!cleanly && random.nextBoolean()) {
            tear();
        }
        long recoveryPoint =
                cleanly || random.nextBoolean()
                        ? Math.min(ours.recoveryPoint(), kafkas.recoveryPoint())
                        : 0;
        both("start from " + recoveryPoint, log -> log.start(cleanly, recoveryPoint));
        // Which markers were not committed yet, a restart tells them as far as each replays.
        highWatermark = end();
        both("high watermark " + highWatermark, log -> log.advanceHighWatermark(highWatermark));
        compareContent();
    }

    /** Takes some bytes off the end of the last segment, as a crash may. */
    private void tear() throws IOException {
        long base = LogFiles.offsetsOf(ours.directory(), LogFiles.LOG).getLast();
        long size = Files.size(LogFiles.segment(ours.directory(), base));
        long left = Math.max(0, size - random.nextInt(200));
        history.add("tear segment " + base + " to " + left);
        for (ComparedLog log : List.of(ours, kafkas)) {
            try (FileChannel file =
                    FileChannel.open(
                            LogFiles.segment(log.directory(), base), StandardOpenOption.WRITE)) {
                file.truncate(left);
            }
        }
    }

    private long end() throws IOException {
        return kafkas.state().end();
    }

    private interface Doing {
        void to(ComparedLog log) throws IOException;
    }

    private interface Asking<T> {
        T of(ComparedLog log) throws IOException;
    }

    private void both(String what, Doing doing) throws IOException {
        history.add(what);
        doing.to(kafkas);
        doing.to(ours);
    }

    private <T> void compareResults(String what, Asking<T> asking) throws IOException {
        history.add(what);
        T expected = asking.of(kafkas);
        assertThat(asking.of(ours)).as("%s", history).isEqualTo(expected);
    }

    /** What is not known to be stable is not cleaned. */
    private void compact() throws IOException {
        history.add("compact");
        ComparedLog.State own = ours.state();
        ComparedLog.State kafka = kafkas.state();
        ComparedLog.Cleaning expected = kafkas.compact();
        ComparedLog.Cleaning actual = ours.compact();
        require(
                own,
                kafka,
                own.stable() < kafka.stable() && actual.endOffset() < expected.endOffset(),
                () -> assertThat(actual).as("%s", history).isEqualTo(expected));
    }

    private void compareAppends(String what, Asking<ComparedLog.Appended> appending)
            throws IOException {
        ComparedLog.State own = ours.state();
        ComparedLog.State kafka = kafkas.state();
        ComparedLog.Appended expected = appending.of(kafkas);
        history.add(what + " " + expected);
        if (expected.error() != Errors.NONE) {
            sequence.refused();
        }
        ComparedLog.Appended actual = appending.of(ours);
        boolean knownDuplicate =
                expected.error() == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER
                        && actual.error() == Errors.NONE
                        && actual.lastOffset() < own.end();
        boolean knownGap =
                expected.error() == Errors.NONE
                        && actual.error() == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER
                        && !own.producers().equals(kafka.producers());
        require(
                own,
                kafka,
                knownDuplicate || knownGap,
                () -> assertThat(actual).as("%s", history).isEqualTo(expected));
        // Kafka begins a segment before it finds that there is nothing to append.
        if (ours.activeSegment() != kafkas.activeSegment() && ours.state().end() == end()) {
            history.add("roll");
            ours.roll();
        }
    }

    private void compare(boolean contentToo) throws IOException {
        ComparedLog.State kafka = kafkas.state();
        ComparedLog.State own = ours.state();
        ComparedLog.State expected = kafka;
        ComparedLog.State actual = own;
        if (forgot) {
            boolean unequal =
                    compacted
                            || highWatermark < expected.end()
                            || expected.knowsMoreThanItHas() != actual.knowsMoreThanItHas();
            expected = expected.afterForgetting(unequal, compacted);
            actual = actual.afterForgetting(unequal, compacted);
        }
        ComparedLog.State wanted = expected;
        ComparedLog.State known = actual;
        require(own, kafka, true, () -> assertThat(known).as("%s", history).isEqualTo(wanted));
        if (contentToo) {
            compareContent();
        }
    }

    private void compareContent() throws IOException {
        long start = kafkas.state().start();
        assertThat(ComparedLog.content(ours.directory(), start))
                .as("%s", history)
                .isEqualTo(ComparedLog.content(kafkas.directory(), start));
    }
}
