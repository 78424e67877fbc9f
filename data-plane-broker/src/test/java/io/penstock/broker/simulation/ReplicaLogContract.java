package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.log.Batches;
import io.penstock.broker.log.LeaderEpochEnd;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.OffsetAndTimestamp;
import io.penstock.broker.log.RecordBatchHeader;
import io.penstock.broker.replication.ReplicaLog;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** What a replica relies on, the same of a log on disk and of one in memory. */
abstract class ReplicaLogContract {

    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    static final Uuid TOPIC_ID = new Uuid(7, 9);
    static final LogSettings SETTINGS = LogSettings.of(Map.of(), Map.of());
    static final LogSettings DURABLE = LogSettings.of(Map.of("flush.messages", "1"), Map.of());
    private static final long NOW = 1_800_000_000_000L;

    abstract ReplicaLog create() throws IOException;

    /** With {@code flush.messages=1}. */
    abstract ReplicaLog createDurable() throws IOException;

    /** Lets the disk do what it was asked, until it has. */
    abstract void awaitDisk(BooleanSupplier done);

    /** As the next process finds the log after this one was killed. */
    abstract ReplicaLog afterKill(ReplicaLog log) throws IOException;

    private static Appended lead(ReplicaLog log, int epoch, String... values) {
        return (Appended)
                log.append(Batches.of(Batches.records(NOW, values)), AppendOrigin.CLIENT, epoch);
    }

    private static AppendResult produce(ReplicaLog log, int sequence, String... values) {
        return log.append(
                Batches.idempotent(5, 0, sequence, Batches.records(NOW, values)),
                AppendOrigin.CLIENT,
                0);
    }

    private static ByteBuffer read(ReplicaLog log, long offset, int maxBytes) throws IOException {
        Optional<LogSlice> slice = log.read(offset, maxBytes, true, log.end());
        ByteBuffer bytes = ByteBuffer.allocateDirect(slice.map(LogSlice::size).orElse(0));
        slice.ifPresent(
                present -> {
                    present.readInto(bytes);
                    present.release();
                });
        return bytes.flip();
    }

    @Test
    void aLeaderGivesOffsetsAndItsEpoch() throws IOException {
        ReplicaLog log = create();

        Appended first = lead(log, 3, "a", "b");
        Appended second = lead(log, 4, "c");
        ByteBuffer bytes = read(log, 2, 1);

        assertThat(first.baseOffset()).isZero();
        assertThat(first.lastOffset()).isEqualTo(1);
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(log.end().offset()).isEqualTo(3);
        assertThat(RecordBatchHeader.baseOffset(bytes, 0)).isEqualTo(2);
        assertThat(RecordBatchHeader.leaderEpoch(bytes, 0)).isEqualTo(4);
        assertThat(log.latestEpoch()).hasValue(4);
    }

    @Test
    void aFollowerKeepsOffsetsAndEpochs() throws IOException {
        ReplicaLog leader = create();
        lead(leader, 3, "a", "b");
        lead(leader, 5, "c");
        ReplicaLog follower = create();

        AppendResult taken = follower.appendReplicated(read(leader, 0, 1 << 20));
        AppendResult again = follower.appendReplicated(read(leader, 0, 1 << 20));

        assertThat(taken).isInstanceOf(Appended.class);
        assertThat(((Refused) again).reason()).isEqualTo(Reason.INVALID_RECORD);
        assertThat(follower.end().offset()).isEqualTo(3);
        assertThat(follower.endOffsetFor(3)).hasValue(new LeaderEpochEnd(3, 2));
        assertThat(read(follower, 0, 1 << 20)).isEqualTo(read(leader, 0, 1 << 20));
    }

    @Test
    void readingStopsAtTheBoundAndAtTheBytes() throws IOException {
        ReplicaLog log = create();
        lead(log, 0, "a", "b");
        int first = (int) log.sizeInBytes();
        lead(log, 0, "c", "d");

        assertThat(log.read(4, 100, true, log.end())).isEmpty();
        assertThat(log.read(0, 1 << 20, true, log.positionOf(2)).orElseThrow().size())
                .isEqualTo(first);
        assertThat(log.read(1, 1, true, log.end()).orElseThrow().size()).isEqualTo(first);
        assertThat(log.read(1, 1, false, log.end()).orElseThrow().size()).isEqualTo(1);
        assertThat(log.positionOf(3).position()).isEqualTo(first);
        log.advanceStartOffset(3);
        assertThatThrownBy(() -> log.read(2, 100, true, log.end()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void truncationRemovesWholeBatchesAndTheirEpochs() throws IOException {
        ReplicaLog log = create();
        lead(log, 1, "a", "b");
        lead(log, 2, "c", "d");
        log.beginEpoch(6);

        log.truncateTo(4);
        boolean emptyEpochIsForgotten = log.latestEpoch().getAsInt() == 2;
        log.truncateTo(3);

        assertThat(emptyEpochIsForgotten).isTrue();
        assertThat(log.end().offset()).isEqualTo(2);
        assertThat(log.latestEpoch()).hasValue(1);
        assertThat(log.endOffsetFor(2)).isEmpty();
        assertThat(lead(log, 7, "e").baseOffset()).isEqualTo(2);
    }

    @Test
    void anEpochWithoutRecordsGivesWayToTheNext() throws IOException {
        ReplicaLog log = create();
        lead(log, 1, "a");
        log.beginEpoch(2);
        log.beginEpoch(3);
        lead(log, 3, "b");

        assertThat(log.endOffsetFor(0)).hasValue(new LeaderEpochEnd(0, 0));
        assertThat(log.endOffsetFor(1)).hasValue(new LeaderEpochEnd(1, 1));
        assertThat(log.endOffsetFor(2)).hasValue(new LeaderEpochEnd(1, 1));
        assertThat(log.endOffsetFor(3)).hasValue(new LeaderEpochEnd(3, 2));
        assertThat(log.endOffsetFor(4)).isEmpty();
    }

    @Test
    void startingAtAnOffsetForgetsEverything() throws IOException {
        ReplicaLog log = create();
        lead(log, 1, "a", "b");

        log.truncateFullyAndStartAt(50);

        assertThat(log.logStartOffset()).isEqualTo(50);
        assertThat(log.end().offset()).isEqualTo(50);
        assertThat(log.latestEpoch()).isEmpty();
        assertThat(lead(log, 2, "c").baseOffset()).isEqualTo(50);
        assertThat(log.endOffsetFor(2)).hasValue(new LeaderEpochEnd(2, 51));
    }

    @Test
    void producersAreRememberedAlsoByFollowersAndAfterTruncation() throws IOException {
        ReplicaLog leader = create();
        produce(leader, 0, "a", "b");
        produce(leader, 2, "c");
        ReplicaLog follower = create();
        follower.appendReplicated(read(leader, 0, 1 << 20));

        Appended duplicate = (Appended) produce(follower, 2, "c");
        Refused gap = (Refused) produce(follower, 7, "z");
        follower.truncateTo(2);
        Appended anew = (Appended) produce(follower, 2, "c");

        assertThat(duplicate.duplicate()).isTrue();
        assertThat(duplicate.baseOffset()).isEqualTo(2);
        assertThat(gap.reason()).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
        assertThat(anew.duplicate()).isFalse();
        assertThat(anew.baseOffset()).isEqualTo(2);
    }

    @Test
    void transactionsHoldTheStableEndUntilTheirMarkerIsCommitted() throws IOException {
        ReplicaLog log = create();
        lead(log, 0, "a");
        log.append(
                Batches.transactional(9, 0, 0, Batches.records(NOW, "b")), AppendOrigin.CLIENT, 0);
        long open = log.firstUnstableOffset();
        log.append(Batches.marker(9, 0, false, 1, NOW), AppendOrigin.COORDINATOR, 0);
        long ended = log.firstUnstableOffset();
        log.onHighWatermark(3);

        assertThat(open).isEqualTo(1);
        assertThat(ended).isEqualTo(1);
        assertThat(log.firstUnstableOffset()).isEqualTo(Long.MAX_VALUE);
        assertThat(log.abortedTransactions(0, 3)).hasSize(1);
    }

    @Test
    void timestampsAreFoundBelowTheBound() throws IOException {
        ReplicaLog log = create();
        log.append(Batches.of(Batches.record(NOW, "a")), AppendOrigin.CLIENT, 0);
        log.append(Batches.of(Batches.record(NOW + 20, "b")), AppendOrigin.CLIENT, 0);
        log.append(Batches.of(Batches.record(NOW + 10, "c")), AppendOrigin.CLIENT, 1);

        assertThat(log.findByTimestamp(NOW + 5, 3))
                .hasValue(new OffsetAndTimestamp(1, NOW + 20, 0));
        assertThat(log.findByTimestamp(NOW + 5, 1)).isEmpty();
        assertThat(log.maxTimestamp(3)).hasValue(new OffsetAndTimestamp(1, NOW + 20, 0));
    }

    @Test
    void whatCountsFollowsTheDisk() throws IOException {
        ReplicaLog log = createDurable();
        List<Long> told = new CopyOnWriteArrayList<>();
        log.setDurabilityListener(told::add);

        lead(log, 1, "a", "b");
        assertThat(log.durableEnd()).isLessThanOrEqualTo(log.end().offset());
        awaitDisk(() -> log.durableEnd() == 2);
        awaitDisk(() -> told.contains(2L));
        lead(log, 1, "c");
        log.flush();
        long flushed = log.durableEnd();
        log.truncateTo(2);
        long cut = log.durableEnd();
        lead(log, 2, "d", "e");
        awaitDisk(() -> log.durableEnd() == 4);
        log.truncateFullyAndStartAt(50);
        awaitDisk(() -> log.durableEnd() == 50);

        assertThat(flushed).isEqualTo(3);
        assertThat(cut).isEqualTo(2);
        assertThat(log.isOffline()).isFalse();
    }

    @Test
    void whatIsFoundAfterAKillCountsOnceItIsForced() throws IOException {
        ReplicaLog log = createDurable();
        lead(log, 1, "a", "b");

        ReplicaLog after = afterKill(log);
        after.changeSettings(DURABLE);

        awaitDisk(() -> after.durableEnd() == 2);
    }

    @Test
    void otherTopicsCountAllTheyHave() throws IOException {
        ReplicaLog log = create();

        lead(log, 1, "a", "b");

        assertThat(log.durableEnd()).isEqualTo(2);
    }

    @Test
    void aKilledProcessLosesNothingButEpochsWithoutRecords() throws IOException {
        ReplicaLog log = create();
        produce(log, 0, "a", "b");
        lead(log, 4, "c");
        log.beginEpoch(5);
        ByteBuffer before = read(log, 0, 1 << 20);

        ReplicaLog after = afterKill(log);

        assertThat(read(after, 0, 1 << 20)).isEqualTo(before);
        assertThat(after.end().offset()).isEqualTo(3);
        assertThat(after.latestEpoch()).hasValue(4);
        assertThat(((Appended) produce(after, 0, "a", "b")).duplicate()).isTrue();
    }

    /** Many random histories, told in words: the same for every kind of log. */
    String history(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        StringJoiner told = new StringJoiner("\n");
        ReplicaLog log = create();
        int epoch = 0;
        int sequence = 0;
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
                case 0 -> log.beginEpoch(++epoch);
                case 1 -> log.truncateTo(random.nextLong(log.end().offset() + 2));
                case 2 -> {
                    if (random.nextInt(8) == 0) {
                        log = afterKill(log);
                    }
                }
                case 3, 4 -> {
                    AppendResult result = produce(log, sequence, "p" + step);
                    told.add(String.valueOf(result));
                    sequence = result instanceof Appended ? sequence + 1 : random.nextInt(9);
                }
                default -> told.add(String.valueOf(lead(log, epoch, "x" + step, "y")));
            }
            told.add("step " + step);
            told.add(log.end().offset() + " " + log.latestEpoch());
            for (int each = 0; each <= epoch; each++) {
                told.add(String.valueOf(log.endOffsetFor(each)));
            }
        }
        for (long offset = log.logStartOffset(); offset < log.end().offset(); ) {
            ByteBuffer run = read(log, offset, 1 << 20);
            for (int at = 0; at < run.limit(); ) {
                told.add(
                        "batch %d %d %x"
                                .formatted(
                                        RecordBatchHeader.baseOffset(run, at),
                                        RecordBatchHeader.leaderEpoch(run, at),
                                        RecordBatchHeader.checksum(run, at)));
                offset = RecordBatchHeader.lastOffset(run, at) + 1;
                at += (int) RecordBatchHeader.sizeInBytes(run, at);
            }
        }
        return told.toString();
    }
}
