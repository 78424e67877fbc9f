package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;

import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

class ProducerStatesTest {

    @TempDir Path directory;
    private TestLog test;
    private PartitionLog log;

    @BeforeEach
    void open() throws IOException {
        test = new TestLog(directory, TestLog.settings(1 << 20, Map.of()));
        log = test.open(true);
    }

    @Test
    void aBatchSentAgainIsAnsweredWithItsFirstOffset() {
        for (int sequence = 0; sequence < 7; sequence++) {
            assertThat(idempotent(0, sequence)).isInstanceOf(Appended.class);
        }

        Appended again = (Appended) idempotent(0, 2);

        assertThat(again.duplicate()).isTrue();
        assertThat(again.baseOffset()).isEqualTo(2);
        assertThat(log.end().offset()).isEqualTo(7);
        assertThat(reason(idempotent(0, 1))).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void gapsAndOldEpochsAreRefused() {
        idempotent(2, 0);

        assertThat(reason(idempotent(2, 5))).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
        assertThat(reason(idempotent(1, 1))).isEqualTo(Reason.INVALID_PRODUCER_EPOCH);
        assertThat(reason(idempotent(3, 1))).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
        assertThat(idempotent(3, 0)).isInstanceOf(Appended.class);
    }

    @Test
    void sequencesWrapToZero() {
        SimpleRecord[] three = Batches.records(test.clock.wallMillis(), "a", "b", "c");
        log.append(Batches.idempotent(7, 0, Integer.MAX_VALUE - 1, three), AppendOrigin.CLIENT, 3);

        AppendResult next = idempotent(0, 1);
        Appended again =
                (Appended)
                        log.append(
                                Batches.idempotent(7, 0, Integer.MAX_VALUE - 1, three),
                                AppendOrigin.CLIENT,
                                3);

        assertThat(next).isInstanceOf(Appended.class);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.baseOffset()).isZero();
    }

    @Test
    void aUnknownProducerMayBeginAnywhereAndIsForgottenAfterItsTime() throws IOException {
        idempotent(0, 42);
        assertThat(reason(idempotent(0, 50))).isEqualTo(Reason.OUT_OF_ORDER_SEQUENCE);
        log.close();
        test.clock.advance(86_400_001L);
        log = test.open(true);

        assertThat(idempotent(0, 50)).isInstanceOf(Appended.class);
    }

    @Test
    void producersAreKnownAfterACleanStopAndAfterACrash() throws IOException {
        idempotent(0, 0);
        idempotent(0, 1);
        log.close();
        log = test.open(true);
        assertThat(((Appended) idempotent(0, 1)).duplicate()).isTrue();
        idempotent(0, 2);

        PartitionLog afterCrash = test.open(false);

        Appended again =
                (Appended)
                        afterCrash.append(
                                Batches.idempotent(
                                        7, 0, 2, Batches.records(test.clock.wallMillis(), "v")),
                                AppendOrigin.CLIENT,
                                3);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.baseOffset()).isEqualTo(2);
    }

    @Test
    void kafkaReadsTheSnapshot() throws IOException {
        idempotent(5, 0);
        idempotent(5, 1);
        log.append(transactional(8, 0), AppendOrigin.CLIENT, 3);
        log.close();

        var entries = ProducerStateManager.readSnapshot(LogFiles.snapshot(directory, 3).toFile());

        assertThat(entries).hasSize(2);
        var idempotent =
                entries.stream().filter(e -> e.producerId() == 7).findFirst().orElseThrow();
        assertThat(idempotent.producerEpoch()).isEqualTo((short) 5);
        assertThat(idempotent.lastDataOffset()).isEqualTo(1);
        var open = entries.stream().filter(e -> e.producerId() == 8).findFirst().orElseThrow();
        assertThat(open.currentTxnFirstOffset()).hasValue(2);
    }

    @Test
    void anOpenTransactionHoldsTheStableOffsetUntilItsMarkerIsCommitted() throws IOException {
        idempotent(0, 0);
        log.append(transactional(8, 0), AppendOrigin.CLIENT, 3);
        idempotent(0, 1);
        assertThat(log.firstUnstableOffset()).isEqualTo(1);

        log.append(
                Batches.marker(8, 0, false, 1, test.clock.wallMillis()),
                AppendOrigin.COORDINATOR,
                3);
        assertThat(log.firstUnstableOffset()).isEqualTo(1);
        log.onHighWatermark(4);

        assertThat(log.firstUnstableOffset()).isEqualTo(Long.MAX_VALUE);
        AbortedTransaction aborted = new AbortedTransaction(8, 1, 3, 4);
        assertThat(log.abortedTransactions(0, 4)).containsExactly(aborted);
        assertThat(test.open(false).abortedTransactions(0, 4)).containsExactly(aborted);
    }

    @Test
    void markersOfAnOldCoordinatorOrEpochAreRefused() {
        log.append(transactional(8, 2), AppendOrigin.CLIENT, 3);
        long now = test.clock.wallMillis();
        log.append(Batches.marker(8, 2, true, 5, now), AppendOrigin.COORDINATOR, 3);

        assertThat(
                        reason(
                                log.append(
                                        Batches.marker(8, 2, true, 4, now),
                                        AppendOrigin.COORDINATOR,
                                        3)))
                .isEqualTo(Reason.COORDINATOR_FENCED);
        assertThat(
                        reason(
                                log.append(
                                        Batches.marker(8, 1, true, 5, now),
                                        AppendOrigin.COORDINATOR,
                                        3)))
                .isEqualTo(Reason.INVALID_PRODUCER_EPOCH);
    }

    private java.nio.ByteBuffer transactional(long producerId, int epoch) {
        return Batches.transactional(
                producerId, epoch, 0, Batches.records(test.clock.wallMillis(), "t"));
    }

    private AppendResult idempotent(int epoch, int sequence) {
        return log.append(
                Batches.idempotent(
                        7, epoch, sequence, Batches.records(test.clock.wallMillis(), "v")),
                AppendOrigin.CLIENT,
                3);
    }

    private static Reason reason(AppendResult result) {
        return ((Refused) result).reason();
    }
}
