package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.AppendResult.Appended;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** Random operations on a log and on a list in memory must give the same. */
class LogModelTest {

    private static final int OPERATIONS = 300;

    @TempDir Path directory;

    private record Batch(long baseOffset, List<String> values) {
        long endOffset() {
            return baseOffset + values.size();
        }
    }

    private final List<Batch> model = new ArrayList<>();
    private long start;
    private long end;
    private int sequence;
    private int epoch;
    private ByteBuffer lastIdempotent;
    private long lastIdempotentOffset;
    private TestLog test;
    private PartitionLog log;
    private Random random;

    /** Other seeds by {@code -Dpenstock.seed} and {@code -Dpenstock.times}. */
    static LongStream seeds() {
        long first = Long.getLong("penstock.seed", 1);
        return LongStream.range(first, first + Integer.getInteger("penstock.times", 4));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void behavesAsAListOfBatches(long seed) throws IOException {
        random = new Random(seed);
        test =
                new TestLog(
                        Files.createDirectories(directory.resolve("orders-0")),
                        TestLog.settings(
                                600 + random.nextInt(3000),
                                Map.of(
                                        "index.interval.bytes",
                                        Integer.toString(random.nextInt(500)),
                                        "retention.ms",
                                        "-1")));
        log = test.open(true);
        for (int step = 0; step < OPERATIONS; step++) {
            int operation = random.nextInt(100);
            if (operation < 60) {
                appendPlain();
            } else if (operation < 75) {
                appendIdempotent();
            } else if (operation < 80) {
                truncate();
            } else if (operation < 86) {
                advanceStart();
            } else if (operation < 93) {
                reopen(random.nextBoolean());
            } else {
                log.deleteOldSegments(end);
                test.runBackground();
            }
            assertThat(log.end().offset()).as("end after step %d", step).isEqualTo(end);
            assertThat(log.logStartOffset()).as("start after step %d", step).isEqualTo(start);
            if (step % 7 == 0) {
                compareFrom(start + (end > start ? random.nextLong(end - start) : 0), step);
            }
        }
        compareFrom(start, OPERATIONS);
        log.abandon();
    }

    private void appendPlain() {
        test.clock.advance(1);
        List<ByteBuffer> batches = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<String> values = values();
            batches.add(
                    Batches.of(
                            Batches.records(
                                    test.clock.wallMillis(), values.toArray(new String[0]))));
            model.add(new Batch(end, values));
            end += values.size();
        }
        TestLog.append(log, Batches.together(batches.toArray(new ByteBuffer[0])));
    }

    private void appendIdempotent() {
        if (lastIdempotent != null && random.nextInt(3) == 0) {
            Appended again = TestLog.append(log, lastIdempotent);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(lastIdempotentOffset);
            return;
        }
        List<String> values = values();
        lastIdempotent =
                Batches.idempotent(
                        5,
                        epoch,
                        sequence,
                        Batches.records(test.clock.wallMillis(), values.toArray(new String[0])));
        sequence += values.size();
        lastIdempotentOffset = TestLog.append(log, lastIdempotent).baseOffset();
        model.add(new Batch(end, values));
        end += values.size();
    }

    /** Cuts at a batch at most a few back, and lets the producer begin anew. */
    private void truncate() throws IOException {
        if (model.size() < 3) {
            return;
        }
        Batch cut = model.get(model.size() - 1 - random.nextInt(3));
        if (cut.baseOffset() < start) {
            return;
        }
        log.truncateTo(cut.baseOffset() + random.nextInt(cut.values().size()));
        model.removeIf(batch -> batch.baseOffset() >= cut.baseOffset());
        end = cut.baseOffset();
        if (lastIdempotent != null && lastIdempotentOffset >= end) {
            beginNewEpoch();
        }
    }

    private void beginNewEpoch() {
        // A producer whose batches were cut off goes on in a new epoch.
        lastIdempotent =
                Batches.idempotent(5, ++epoch, 0, Batches.records(test.clock.wallMillis(), "anew"));
        lastIdempotentOffset = TestLog.append(log, lastIdempotent).baseOffset();
        model.add(new Batch(end, List.of("anew")));
        end++;
        sequence = 1;
    }

    private void advanceStart() throws IOException {
        long next = start + (end > start ? random.nextLong((end - start) / 2 + 1) : 0);
        log.advanceStartOffset(next);
        start = next;
    }

    private void reopen(boolean cleanly) throws IOException {
        if (cleanly) {
            log.close();
        } else {
            log.abandon();
        }
        test.background.clear();
        test.logStartOffset = start;
        test.recoveryPoint = log.recoveryPoint();
        log = test.open(cleanly);
    }

    private void compareFrom(long offset, int step) throws IOException {
        List<String> expected = new ArrayList<>();
        for (Batch batch : model) {
            for (int i = 0; i < batch.values().size(); i++) {
                if (batch.baseOffset() + i >= offset) {
                    expected.add(batch.values().get(i));
                }
            }
        }
        assertThat(TestLog.read(log, offset))
                .as("step %d from %d", step, offset)
                .isEqualTo(expected);
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            values.add("v" + random.nextInt(1000) + "x".repeat(random.nextInt(40)));
        }
        return values;
    }
}
